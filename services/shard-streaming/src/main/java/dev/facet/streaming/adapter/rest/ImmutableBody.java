package dev.facet.streaming.adapter.rest;

import dev.facet.streaming.domain.http.AcceptedEncodings;
import dev.facet.streaming.domain.http.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
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
    boolean gzip = AcceptedEncodings.gzip(request.getHeaderString(HttpHeaders.ACCEPT_ENCODING));
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
    if (gzip) {
      headers.putSingle(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    return ResponseBuilder.ok(gzip ? compressed : plain).replaceAll(headers).build();
  }
}
