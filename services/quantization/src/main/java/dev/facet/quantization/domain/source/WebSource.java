package dev.facet.quantization.domain.source;

import dev.facet.kernel.identity.ModelId;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Files below a URL, as they lie in a checkpoint's folder, or one GGUF file.
 *
 * @param url ends with {@code /} or {@code .gguf}
 */
public record WebSource(URI url) implements RemoteSource {
  private static final String GGUF = ".gguf";

  /**
   * @throws SourceMalformed if the text is no http(s) URL, or names a user, a query or a fragment
   */
  static WebSource parse(String text) {
    try {
      URI url = new URI(text);
      String path = url.getRawPath() == null ? "" : url.getRawPath();
      boolean plain =
          url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null
              && url.normalize().getRawPath().equals(path);
      if (!plain) {
        throw new SourceMalformed(text, "a URL has a host and a path, nothing else");
      }
      boolean whole = path.endsWith("/") || path.endsWith(GGUF);
      return new WebSource(whole ? url : URI.create(text + "/"));
    } catch (URISyntaxException e) {
      throw new SourceMalformed(text, "it is no URL: " + e.getReason());
    }
  }

  /** Whether the URL is that of one GGUF file. */
  public boolean isFile() {
    return url.getPath().endsWith(GGUF);
  }

  /** Last part of the path, without its ending. */
  @Override
  public ModelId defaultId() {
    String path = url.getPath().replaceAll("/+$", "");
    String last = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    String called = last.isEmpty() ? url.getHost() : last;
    return new ModelId(
        called.endsWith(GGUF) ? called.substring(0, called.length() - GGUF.length()) : called);
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
