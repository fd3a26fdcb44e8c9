package dev.facet.streaming.adapter.http;

import dev.facet.kernel.identity.Digest;
import dev.facet.streaming.application.Gzip;
import dev.facet.streaming.domain.http.EntityTag;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.impl.MimeMapping;
import java.util.Locale;

/**
 * A file of the web client, ready to be sent.
 *
 * @param compressed the same through gzip; null where that does not help
 */
record Page(
    Buffer plain, Buffer compressed, EntityTag tag, String contentType, String cacheControl) {
  private static final String FOREVER = "public, max-age=31536000, immutable";
  private static final String ASK_AGAIN = "no-cache";
  private static final double WORTHWHILE = 0.9;

  /**
   * @param path below the root of the site, for example {@code assets/main-a1b2.js}
   */
  static Page of(String path, byte[] content) {
    byte[] compressed = Gzip.compress(content);
    boolean helps = compressed.length < content.length * WORTHWHILE;
    return new Page(
        Buffer.buffer(content),
        helps ? Buffer.buffer(compressed) : null,
        EntityTag.of(Digest.of(content).abbreviated()),
        contentType(path),
        path.contains("assets/") ? FOREVER : ASK_AGAIN);
  }

  /** The tag of the compressed form, whose bytes differ. */
  EntityTag compressedTag() {
    return EntityTag.of(tag.value().replace("\"", "") + "-gzip");
  }

  private static String contentType(String path) {
    String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String type = MimeMapping.getMimeTypeForExtension(extension);
    if (type == null) {
      return "application/octet-stream";
    }
    boolean text = type.startsWith("text/") || type.endsWith("javascript");
    return text ? type + ";charset=UTF-8" : type;
  }
}
