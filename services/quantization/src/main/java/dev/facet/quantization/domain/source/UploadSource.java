package dev.facet.quantization.domain.source;

import dev.facet.kernel.identity.ModelId;
import java.util.regex.Pattern;

/**
 * Files that were uploaded together.
 *
 * @param id 32 lower-case hex digits
 */
public record UploadSource(String id) implements CheckpointSource {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");
  private static final String SCHEME = "upload:";

  /**
   * @throws SourceMalformed if that is no id of an upload
   */
  public UploadSource {
    if (!FORM.matcher(id).matches()) {
      throw new SourceMalformed(SCHEME + id, "the form is upload:id, 32 hex digits");
    }
  }

  static UploadSource parse(String text) {
    return new UploadSource(text.substring(SCHEME.length()));
  }

  @Override
  public ModelId defaultId() {
    return new ModelId("upload-" + id.substring(0, 12));
  }

  @Override
  public String toString() {
    return SCHEME + id;
  }
}
