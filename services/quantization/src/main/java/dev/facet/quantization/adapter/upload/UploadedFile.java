package dev.facet.quantization.adapter.upload;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One file of an upload.
 *
 * @param offset bytes that are there
 * @param length bytes it will have
 * @param sha256 digest of the whole that was announced; left out for none
 */
@Schema(name = "UploadedFile")
public record UploadedFile(
    String name,
    long offset,
    long length,
    @JsonInclude(JsonInclude.Include.NON_NULL) String sha256) {
  boolean isWhole() {
    return offset == length;
  }
}
