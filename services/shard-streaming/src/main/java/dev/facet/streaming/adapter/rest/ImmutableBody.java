package dev.facet.streaming.adapter.rest;

import dev.facet.streaming.domain.http.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.Arrays;
import java.util.Map;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

/**
 * Content that never changes under its URL, plain and compressed. Each encoding has a strong tag of
 * its own, as their bytes differ.
 *
 * @param sha256 digest of the plain content, in hex
 */
record ImmutableBody(byte[] plain, byte[] compressed, String sha256, String mediaType) {
  private static final String FOREVER = "public, max-age=31536000, immutable";

  /** 304 if the caller has it, else 200 in the encoding that it takes. */
  RestResponse<byte[]> answer(HttpHeaders request, Map<String, String> more) {
    boolean gzip = acceptsGzip(request.getHeaderString(HttpHeaders.ACCEPT_ENCODING));
    EntityTag tag = EntityTag.of(gzip ? sha256 + "-gzip" : sha256);
    MultivaluedHashMap<String, Object> headers = new MultivaluedHashMap<>();
    headers.putSingle(HttpHeaders.ETAG, tag.value());
    headers.putSingle(HttpHeaders.CACHE_CONTROL, FOREVER);
    headers.putSingle(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    more.forEach(headers::putSingle);
    if (tag.noneMatchFails(request.getHeaderString(HttpHeaders.IF_NONE_MATCH))) {
      return ResponseBuilder.<byte[]>create(Status.NOT_MODIFIED).replaceAll(headers).build();
    }
    headers.putSingle(HttpHeaders.CONTENT_TYPE, mediaType);
    headers.putSingle(HttpHeaders.CONTENT_ENCODING, gzip ? "gzip" : "identity");
    return ResponseBuilder.ok(gzip ? compressed : plain).replaceAll(headers).build();
  }

  static boolean acceptsGzip(String acceptEncoding) {
    return acceptEncoding != null
        && Arrays.stream(acceptEncoding.split(","))
            .map(String::strip)
            .anyMatch(ImmutableBody::namesGzip);
  }

  private static boolean namesGzip(String coding) {
    String[] parts = coding.split(";", 2);
    boolean refused = parts.length == 2 && parts[1].strip().matches("q=0(\\.0*)?");
    return parts[0].strip().equalsIgnoreCase("gzip") && !refused;
  }
}
