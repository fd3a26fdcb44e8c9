package dev.facet.local.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/**
 * What the origin answered.
 *
 * @param request method and path, for messages
 */
record Answer(String request, int status, HttpHeaders headers, byte[] body) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Answer of(HttpResponse<byte[]> response) {
    String request = response.request().method() + " " + response.uri().getPath();
    return new Answer(request, response.statusCode(), response.headers(), response.body());
  }

  Answer expect(int expected) {
    assertThat(status).as("%s: %s", request, text()).isEqualTo(expected);
    return this;
  }

  JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(request + ": " + text(), e);
    }
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
