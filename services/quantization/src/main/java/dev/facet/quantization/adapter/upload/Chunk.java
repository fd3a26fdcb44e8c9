package dev.facet.quantization.adapter.upload;

import dev.facet.quantization.domain.source.UploadProblem;
import io.vertx.core.http.HttpServerRequest;

/**
 * What a request says of the chunk that it carries.
 *
 * @param bytes its length; -1 if it is not said
 * @param checksum null for none
 */
record Chunk(String upload, String name, long offset, long bytes, ChunkChecksum checksum) {
  static Chunk of(HttpServerRequest request, String upload, String name) {
    TusHeaders.requireVersion(request.getHeader(TusHeaders.RESUMABLE));
    String type = String.valueOf(request.getHeader("Content-Type"));
    if (!TusHeaders.CHUNK_TYPE.equalsIgnoreCase(type.split(";", 2)[0].trim())) {
      throw new UploadProblem.BadType(type);
    }
    String length = request.getHeader("Content-Length");
    return new Chunk(
        upload,
        name,
        TusHeaders.count(TusHeaders.OFFSET, request.getHeader(TusHeaders.OFFSET)),
        length == null ? -1 : TusHeaders.count("Content-Length", length),
        ChunkChecksum.of(request.getHeader(TusHeaders.CHECKSUM)));
  }
}
