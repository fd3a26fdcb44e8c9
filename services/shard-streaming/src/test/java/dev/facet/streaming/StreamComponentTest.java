package dev.facet.streaming;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.kernel.identity.Digest;
import io.quarkus.test.junit.QuarkusTest;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class StreamComponentTest extends StreamingComponentTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Frame(int index, String sha256, byte[] payload) {}

  private static JsonNode frames(String bundle) throws IOException {
    return JSON.readTree(given().get("/v1/bundles/" + bundle).asByteArray()).get("frames");
  }

  private static List<Frame> read(byte[] stream) {
    List<Frame> frames = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      int index = bytes.getInt();
      byte[] payload = new byte[bytes.getInt()];
      byte[] digest = new byte[32];
      bytes.get(digest).get(payload);
      frames.add(new Frame(index, HexFormat.of().formatHex(digest), payload));
    }
    return frames;
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "large"})
  void bringsAllFramesInOrder(String which) throws Exception {
    String bundle = (which.equals("small") ? SampleModels.SMALL : SampleModels.LARGE).bundle(4);
    JsonNode expected = frames(bundle);

    List<Frame> frames =
        read(
            given()
                .get("/v1/streams/" + bundle)
                .then()
                .statusCode(200)
                .contentType("application/vnd.facet.frames")
                .extract()
                .asByteArray());

    assertThat(frames).hasSize(expected.size());
    for (Frame frame : frames) {
      assertThat(frame.sha256()).isEqualTo(expected.get(frame.index()).get("sha256").asText());
      assertThat(Digest.of(frame.payload()).hex()).isEqualTo(frame.sha256());
    }
  }

  @ParameterizedTest
  @CsvSource({"0,1", "5,6", "21,22"})
  void resumesAfterAFrame(int after, int first) throws Exception {
    String bundle = SampleModels.SMALL.bundle(4);
    List<Frame> frames =
        read(given().get("/v1/streams/" + bundle + "?after=" + after).asByteArray());

    assertThat(frames.get(0).index()).isEqualTo(first);
    assertThat(frames).hasSize(frames(bundle).size() - first);
  }

  @Test
  void bringsTheFramesThatAreNamedAndNoOthers() {
    String bundle = SampleModels.LARGE.bundle(4);

    List<Frame> frames =
        read(given().get("/v1/streams/" + bundle + "?frames=1,5-6,21-").asByteArray());

    assertThat(frames).extracting(Frame::index).containsExactly(1, 5, 6, 21, 22);
    assertThat(frames)
        .allSatisfy(
            frame -> assertThat(Digest.of(frame.payload()).hex()).isEqualTo(frame.sha256()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"22", "23", "1000000"})
  void nothingIsLeftAfterTheLastFrame(String after) {
    given()
        .get("/v1/streams/" + SampleModels.SMALL.bundle(4) + "?after=" + after)
        .then()
        .statusCode(200)
        .header("Content-Length", "0");
  }

  @Test
  void unknownBundlesAndPositionsAreProblems() {
    given()
        .get("/v1/streams/nobody~0123456789ab~full-4~wasm~0a1b2c3d4e5f")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
    given()
        .get("/v1/streams/" + SampleModels.SMALL.bundle(4) + "?after=last")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("parameter", containsString("after"));
    given()
        .get("/v1/streams/" + SampleModels.SMALL.bundle(4) + "?frames=4,2")
        .then()
        .statusCode(400)
        .body("parameter", containsString("frames"));
  }

  @Test
  void aWholeStreamIsTold() {
    String bundle = SampleModels.SMALL.bundle(2);
    given().get("/v1/streams/" + bundle).then().statusCode(200);

    await()
        .untilAsserted(
            () ->
                assertThat(told())
                    .anyMatch(
                        event -> event.contains(bundle) && event.contains("\"complete\":true")));
  }

  /**
   * A client that reads nothing holds the stream back: the server neither reads on nor keeps it in
   * memory.
   */
  @Test
  void aClientThatStopsReadingStopsTheServer() throws Exception {
    String bundle = SampleModels.LARGE.bundle(4);
    int frames = frames(bundle).size();
    Socket socket = request(bundle);
    Thread.sleep(1_500);
    socket.setSoLinger(true, 0);
    socket.close();

    await().untilAsserted(() -> assertThat(told()).anyMatch(event -> cut(event, bundle)));
    JsonNode event =
        JSON.readTree(told().stream().filter(e -> cut(e, bundle)).findFirst().orElseThrow());
    assertThat(event.get("frames").asInt()).isLessThan(frames / 2);
  }

  private static boolean cut(String event, String bundle) {
    return event.contains(bundle) && event.contains("\"complete\":false");
  }

  @Test
  void aSlowClientGetsEveryByte() throws Exception {
    String bundle = SampleModels.LARGE.bundle(3);
    byte[] expected = given().get("/v1/streams/" + bundle).asByteArray();
    try (Socket socket = request(bundle)) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      skipHead(in);
      byte[] slow = new byte[expected.length];
      for (int at = 0; at < slow.length; at += 1 << 20) {
        in.readFully(slow, at, Math.min(1 << 20, slow.length - at));
        Thread.sleep(20);
      }
      assertThat(slow).isEqualTo(expected);
    }
  }

  private Socket request(String bundle) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 << 10);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress(origin.getHost(), origin.getPort()));
    String request = "GET /v1/streams/%s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(bundle);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void skipHead(InputStream in) throws IOException {
    int ends = 0;
    while (ends < 4) {
      int next = in.read();
      ends = next == '\r' || next == '\n' ? ends + 1 : 0;
    }
  }
}
