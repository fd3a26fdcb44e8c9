package dev.facet.quantization.adapter.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.kernel.identity.Digest;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.application.FetchProgress;
import dev.facet.quantization.application.StagedFolders;
import dev.facet.quantization.config.SourcesConfig;
import dev.facet.quantization.domain.checkpoint.CheckpointProblem;
import dev.facet.quantization.domain.source.CheckpointSource;
import dev.facet.quantization.domain.source.FetchProblem;
import dev.facet.quantization.domain.source.HubSource;
import dev.facet.quantization.domain.source.RemoteSource;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpSourceDownloadsTest {
  private static final String HUB = "hub.test";
  private static final String WEIGHTS = "model.safetensors";
  private static final String SECRET = "hf_secret";

  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final LocalHub hub = new LocalHub();
  private final FetchProgress progress = new FetchProgress();
  private final List<String> resolved = new ArrayList<>();
  private final byte[] weights = new byte[3_000_000];
  private List<String> hosts = List.of(HUB, "127.0.0.1");
  private boolean privateAddresses = true;
  private long limit = 1L << 30;

  HttpSourceDownloadsTest() {
    new Random(1).nextBytes(weights);
    hub.file("config.json", "{}").file("tokenizer.json", "{\"a\":1}").file(WEIGHTS, weights);
  }

  @AfterEach
  void close() {
    hub.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** The name of the hub is known to the resolver alone: only a pinned address can be reached. */
  private List<InetAddress> resolve(String host) throws UnknownHostException {
    resolved.add(host);
    return List.of(InetAddress.getByName(host.equals(HUB) ? "127.0.0.1" : host));
  }

  private HttpSourceDownloads downloads() {
    return downloads(this::resolve);
  }

  private HttpSourceDownloads downloads(HostResolver resolver) {
    StagedFolders folders =
        new StagedFolders() {
          @Override
          public Path prepare(RemoteSource source) {
            return folder;
          }

          @Override
          public void expire(Duration age, Set<CheckpointSource> needed) {}
        };
    return new HttpSourceDownloads(vertx, folders, new JacksonJsonSource(), resolver, new Config());
  }

  private final class Config implements SourcesConfig {
    @Override
    public Path dir() {
      return folder;
    }

    @Override
    public List<String> hosts() {
      return hosts;
    }

    @Override
    public boolean privateAddresses() {
      return privateAddresses;
    }

    @Override
    public long maxBytes() {
      return limit;
    }

    @Override
    public Duration keep() {
      return Duration.ofHours(1);
    }

    @Override
    public Duration silence() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Hub hub() {
      return new Hub() {
        @Override
        public URI url() {
          return hub.url(HUB);
        }

        @Override
        public Optional<String> token() {
          return Optional.of(SECRET);
        }
      };
    }
  }

  private static RemoteSource source(String text) {
    return (RemoteSource) CheckpointSource.parse(text);
  }

  private void download(String source) {
    HttpSourceDownloads downloads = downloads();
    RemoteSource pinned = downloads.pin(source(source)).await().atMost(Duration.ofSeconds(20));
    downloads.download(pinned, progress).await().atMost(Duration.ofSeconds(60));
  }

  private byte[] file(String name) throws Exception {
    return Files.readAllBytes(folder.resolve(name));
  }

  private List<String> present() throws Exception {
    try (var files = Files.list(folder)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.endsWith(".tag"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aBranchIsPinnedToItsCommit() {
    RemoteSource pinned = downloads().pin(source("hf:maker/model")).await().indefinitely();

    assertThat(pinned).hasToString("hf:maker/model@" + LocalHub.COMMIT);
    assertThat(((HubSource) pinned).isPinned()).isTrue();
  }

  @Test
  void filesComeOverRedirectsAndTheSecretStaysBehind() throws Exception {
    download("hf:maker/model@main");

    assertThat(present()).containsExactly("config.json", WEIGHTS, "tokenizer.json");
    assertThat(file(WEIGHTS)).isEqualTo(weights);
    assertThat(progress.done()).isEqualTo(progress.total()).isEqualTo(weights.length + 2 + 7);
    List<LocalHub.Seen> asked = hub.seen(WEIGHTS);
    assertThat(asked).extracting(LocalHub.Seen::host).containsExactly(HUB, "127.0.0.1");
    assertThat(asked)
        .extracting(LocalHub.Seen::authorization)
        .containsExactly("Bearer " + SECRET, null);
  }

  @Test
  void cutConnectionsAreResumedWhereTheyEnded() throws Exception {
    hub.cut(WEIGHTS, 3);

    download("hf:maker/model");

    assertThat(file(WEIGHTS)).isEqualTo(weights);
    assertThat(hub.seen(WEIGHTS).stream().map(LocalHub.Seen::range).filter(r -> r != null))
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(range -> !range.equals("bytes=0-"));
  }

  @Test
  void aHostThatAlwaysCutsAtOnceIsGivenUp() throws Exception {
    hub.override(WEIGHTS, (request, content) -> request.connection().close());

    assertThatThrownBy(() -> download("hf:maker/model"))
        .isInstanceOf(FetchProblem.Unreachable.class)
        .hasMessageContaining(WEIGHTS);
    assertThat(present()).doesNotContain(WEIGHTS);
  }

  @Test
  void filesThatAreThereAreNotFetchedAgain() throws Exception {
    download("hf:maker/model");
    long before = Files.getLastModifiedTime(folder.resolve(WEIGHTS)).toMillis();

    download("hf:maker/model");

    assertThat(Files.getLastModifiedTime(folder.resolve(WEIGHTS)).toMillis()).isEqualTo(before);
  }

  @Test
  void aPartOfAnotherVersionIsNotJoined() throws Exception {
    byte[] older = new byte[weights.length];
    Files.write(new PartialFile(folder, WEIGHTS).part(Digest.of(older).hex()), new byte[1000]);

    download("hf:maker/model");

    assertThat(file(WEIGHTS)).isEqualTo(weights);
    assertThat(present()).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void aFileThatChangesBetweenTwoAttemptsIsTheNewOne() throws Exception {
    byte[] newer = weights.clone();
    newer[0]++;
    hub.cut(WEIGHTS, 1);
    int[] asked = {0};
    hub.override(
        WEIGHTS,
        (request, content) -> {
          byte[] now = asked[0]++ == 0 ? weights : newer;
          hub.file(WEIGHTS, now);
          hub.redirect(request, WEIGHTS, Digest.of(now).hex(), now.length);
        });

    download("hf:maker/model");

    assertThat(file(WEIGHTS)).isEqualTo(newer);
  }

  @Test
  void aSizeThatTwoHostsDisputeIsAProblem() throws Exception {
    hub.override(
        WEIGHTS,
        (request, content) ->
            hub.redirect(request, WEIGHTS, Digest.of(content).hex(), content.length + 1L));

    assertThatThrownBy(() -> download("hf:maker/model"))
        .isInstanceOf(FetchProblem.BadAnswer.class)
        .hasMessageContaining("3000001");
    assertThat(present()).doesNotContain(WEIGHTS);
  }

  @Test
  void contentThatIsNotWhatItsDigestSaysIsAProblem() throws Exception {
    hub.override(
        WEIGHTS,
        (request, content) ->
            hub.redirect(request, WEIGHTS, Digest.of(new byte[1]).hex(), content.length));

    assertThatThrownBy(() -> download("hf:maker/model"))
        .isInstanceOf(FetchProblem.WrongDigest.class)
        .hasMessageContaining(WEIGHTS);
    assertThat(present()).containsExactly("config.json", "tokenizer.json");
  }

  @Test
  void aRedirectToAHostThatIsNotListedIsRefused() {
    hosts = List.of(HUB);

    assertThatThrownBy(() -> download("hf:maker/model"))
        .isInstanceOf(FetchProblem.HostNotAllowed.class)
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void privateAddressesAreRefusedBeforeAnyConnection() {
    privateAddresses = false;

    assertThatThrownBy(() -> download("hf:maker/model"))
        .isInstanceOf(FetchProblem.PrivateAddress.class)
        .hasMessageContaining(HUB);
    assertThat(hub.asked()).isEmpty();
  }

  @Test
  void aNameThatChangesItsMeaningIsAskedOnceForEachConnection() {
    int[] asked = {0};
    HostResolver rebinding =
        host -> List.of(InetAddress.getByName(asked[0]++ == 0 ? "127.0.0.1" : "127.0.0.2"));
    HttpSourceDownloads downloads = downloads(rebinding);

    downloads.pin(source("hf:maker/model")).await().atMost(Duration.ofSeconds(10));

    assertThat(asked[0]).isEqualTo(1);
    assertThat(hub.asked()).containsExactly("main");
  }

  @Test
  void circlesOfRedirectsEnd() {
    hub.override(
        WEIGHTS,
        (request, content) ->
            request.response().setStatusCode(302).putHeader("Location", request.path()).end());

    assertThatThrownBy(() -> download("hf:maker/model"))
        .isInstanceOf(FetchProblem.BadRedirect.class)
        .hasMessageContaining("too often");
  }

  @Test
  void otherSchemesAreNotFollowed() {
    for (String location :
        List.of("file:///etc/passwd", "ftp://hub.test/x", "http://u@hub.test/")) {
      hub.override(
          WEIGHTS,
          (request, content) ->
              request.response().setStatusCode(302).putHeader("Location", location).end());
      assertThatThrownBy(() -> download("hf:maker/model")).isInstanceOf(FetchProblem.class);
    }
  }

  @Test
  void moreBytesThanAllowedAreAProblem() throws Exception {
    limit = 1_000_000;

    assertThatThrownBy(() -> download("hf:maker/model"))
        .isInstanceOf(FetchProblem.TooLarge.class)
        .hasMessageContaining("1000000");
    assertThat(present()).doesNotContain(WEIGHTS);
  }

  @Test
  void aBodyWithoutALengthIsBoundedToo() {
    limit = 1_000_000;
    hub.override(
        WEIGHTS,
        (request, content) ->
            request.response().setChunked(true).end(io.vertx.core.buffer.Buffer.buffer(content)));

    assertThatThrownBy(() -> download("hf:maker/model")).isInstanceOf(FetchProblem.TooLarge.class);
  }

  @Test
  void whatIsNotThereSaysWhichUrl() {
    assertThatThrownBy(() -> download("hf:maker/other"))
        .isInstanceOf(FetchProblem.NotGiven.class)
        .hasMessageContaining("maker/other");
  }

  @Test
  void picklesAreRefused() {
    assertThatThrownBy(
            () -> SourceFiles.weights("hf:a/b", List.of("config.json", "pytorch_model.bin")))
        .isInstanceOf(CheckpointProblem.PickledWeights.class)
        .hasMessageContaining("pytorch_model.bin");
  }

  @Test
  void shardsOfAnIndexStayInTheFolder() {
    for (String name : List.of("../x.safetensors", "/etc/x.safetensors", "a/b.safetensors")) {
      hub.file("model.safetensors.index.json", "{\"weight_map\":{\"t\":\"%s\"}}".formatted(name));
      assertThatThrownBy(() -> download("hf:maker/model"))
          .isInstanceOf(CheckpointProblem.PathOutsideFolder.class);
    }
  }

  @Test
  void shardsOfAnIndexAreFetchedOnce() throws Exception {
    hub.file(
        "model.safetensors.index.json",
        "{\"weight_map\":{\"a\":\"s-1.safetensors\",\"b\":\"s-2.safetensors\",\"c\":\"s-1.safetensors\"}}");
    hub.file("s-1.safetensors", "one").file("s-2.safetensors", "two");

    download("hf:maker/model");

    assertThat(present()).contains("s-1.safetensors", "s-2.safetensors").doesNotContain(WEIGHTS);
    assertThat(hub.seen("s-1.safetensors")).hasSize(2);
  }

  @Test
  void oneOfSeveralGgufFilesIsNamed() throws Exception {
    LocalHub ggufs = hub.file("a.gguf", "A").file("b.gguf", "B");

    download("hf:maker/model#b.gguf");

    assertThat(present()).containsExactly("b.gguf");
    assertThat(ggufs.seen("a.gguf")).isEmpty();
    assertThatThrownBy(() -> SourceFiles.weights("hf:m/m@1", List.of("a.gguf", "b.gguf")))
        .isInstanceOf(FetchProblem.NoModel.class)
        .hasMessageContaining("hf:m/m@1#a.gguf");
  }

  @Test
  void aPlainFolderNeedsNoListing() throws Exception {
    download(hub.url(HUB) + "/plain/");

    assertThat(present()).containsExactly("config.json", WEIGHTS, "tokenizer.json");
  }

  @Test
  void aPlainGgufFileStandsForItself() throws Exception {
    hub.file("tiny.gguf", "GGUF");

    download(hub.url(HUB) + "/plain/tiny.gguf");

    assertThat(present()).containsExactly("tiny.gguf");
  }
}
