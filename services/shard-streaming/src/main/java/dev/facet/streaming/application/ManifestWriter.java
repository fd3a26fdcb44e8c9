package dev.facet.streaming.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.ladder.LadderIndex;
import dev.facet.streaming.domain.bundle.Manifest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Base64;

/** JSON of ladders and manifests: the same manifest is always the same bytes. */
@ApplicationScoped
public class ManifestWriter {
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private interface WithoutNulls {}

  private final ObjectMapper json =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addMixIn(Manifest.Frame.class, WithoutNulls.class)
          .addMixIn(Manifest.Tensor.class, WithoutNulls.class)
          .build();

  private final ManifestSigner signer;

  ManifestWriter(ManifestSigner signer) {
    this.signer = signer;
  }

  /**
   * Reads an index blob.
   *
   * @throws DamagedBlob if it is no ladder index
   */
  public LadderIndex readIndex(Digest blob, byte[] content) {
    try {
      LadderIndex index = json.readValue(content, LadderIndex.class);
      if (!LadderIndex.FORMAT.equals(index.format())) {
        throw new DamagedBlob(
            blob, "is of format " + index.format() + ", not " + LadderIndex.FORMAT);
      }
      return index;
    } catch (IOException e) {
      throw new DamagedBlob(blob, "is no ladder index");
    }
  }

  /** Writes and signs. */
  public SignedManifest sign(Manifest manifest) {
    byte[] body = write(manifest);
    String signature =
        "keyid=\"%s\", ed25519=:%s:"
            .formatted(
                signer.publicKey().id(), Base64.getEncoder().encodeToString(signer.sign(body)));
    return new SignedManifest(
        manifest, body, Gzip.compress(body), Digest.of(body).hex(), signature);
  }

  private byte[] write(Manifest manifest) {
    try {
      return json.writeValueAsBytes(manifest);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a manifest is always JSON", e);
    }
  }
}
