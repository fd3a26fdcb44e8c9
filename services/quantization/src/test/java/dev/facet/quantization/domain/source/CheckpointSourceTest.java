package dev.facet.quantization.domain.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.problem.DomainProblem;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointSourceTest {
  @ParameterizedTest
  @CsvSource({
    "my model, FolderSource, my model,",
    "hf:a/B-1, HubSource, hf:a/B-1@main, b-1",
    "HF:a/b@refs/pr/1, HubSource, hf:a/b@refs/pr/1, b",
    "hf:a/b#M-Q4_0.gguf, HubSource, hf:a/b@main#M-Q4_0.gguf, m-q4_0",
    "https://h.example/x/Llama, WebSource, https://h.example/x/Llama/, llama",
    "https://h.example:81/x/m.gguf, WebSource, https://h.example:81/x/m.gguf, m",
    "upload:0123456789abcdef0123456789abcdef, UploadSource, "
        + "upload:0123456789abcdef0123456789abcdef, upload-0123456789ab",
  })
  void eachKindHasItsForm(String text, String kind, String canonical, String id) {
    CheckpointSource source = CheckpointSource.parse(text);

    assertThat(source.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(source).hasToString(canonical);
    assertThat(CheckpointSource.parse(canonical)).isEqualTo(source);
    if (id != null) {
      assertThat(source.defaultId().value()).isEqualTo(id);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:",
        "hf:a",
        "hf:a/b/c",
        "hf:../b",
        "hf:a/..",
        "hf:a/b@../x",
        "hf:a/b@x//y",
        "hf:a/b@",
        "hf:a/b#x.bin",
        "hf:a/b#../x.gguf",
        "hf:a/b%2f",
        "https://",
        "https:///x",
        "https://u:p@h/x",
        "https://h/x?y",
        "https://h/x#y",
        "https://h/a/../b",
        "https://h/a b",
        "http:h/x",
        "upload:",
        "upload:0123",
        "upload:../../../../../../../../etc/pass",
        "file:///etc",
        "s3://bucket/key",
        "ftp://h/x",
        "/etc",
        "../x",
      })
  void whatIsOfNoFormIsAProblem(String text) {
    assertThatThrownBy(() -> CheckpointSource.parse(text)).isInstanceOf(DomainProblem.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:a00:1::1",
      })
  void closedRangesAreNotPublic(String address) throws Exception {
    assertThat(AddressRule.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "192.0.1.1",
        "198.20.0.1",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::808:808",
      })
  void othersAre(String address) throws Exception {
    assertThat(AddressRule.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void aCommitIsNamedByFortyDigits() {
    HubSource source = (HubSource) CheckpointSource.parse("hf:a/b");

    assertThat(source.isPinned()).isFalse();
    assertThatThrownBy(() -> source.pinned("abc")).isInstanceOf(SourceMalformed.class);
  }
}
