package dev.facet.streaming;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.equalToIgnoringCase;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.DecoderConfig;
import io.restassured.response.Response;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class PagesComponentTest extends StreamingComponentTest {
  @ParameterizedTest
  @ValueSource(strings = {"/", "/index.html", "/dashboard", "/dashboard/", "/dashboard/index.html"})
  void pagesAreAskedForAnew(String path) {
    given()
        .get(path)
        .then()
        .statusCode(200)
        .header("Content-Type", containsString("text/html"))
        .header("Cache-Control", equalTo("no-cache"));
  }

  @Test
  void filesWithAHashInTheirNameStay() {
    Response page = given().get("/");
    Matcher script = Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"").matcher(page.asString());
    assertThat(script.find()).isTrue();
    given()
        .get(script.group(1))
        .then()
        .statusCode(200)
        .header("Cache-Control", equalTo("public, max-age=31536000, immutable"));
  }

  @ParameterizedTest
  @CsvSource({
    "/",
    "/q/health",
    "/v1/shards/none",
    "/v1/bundles/none",
    "/nowhere",
    "/v1/bundles/keys"
  })
  void everyAnswerIsIsolatedAndStrict(String path) {
    given()
        .get(path)
        .then()
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Cross-Origin-Embedder-Policy", "require-corp")
        .header("Cross-Origin-Resource-Policy", "same-origin")
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("Permissions-Policy", containsString("camera=()"))
        .header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self';"
                + " img-src 'self' data: blob:; style-src 'self'; font-src 'self'; manifest-src 'self';"
                + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
  }

  @Test
  void whatIsNowhereIsAProblem() {
    given().get("/v1/nothing").then().statusCode(404).contentType("application/problem+json");
  }

  @Test
  void aPageThatTheCallerHasIsNotSentAgain() {
    String tag = given().header("Accept-Encoding", "identity").get("/").header("ETag");
    given()
        .header("Accept-Encoding", "identity")
        .header("If-None-Match", tag)
        .get("/")
        .then()
        .statusCode(304);
    given().head("/dashboard").then().statusCode(200).header("Content-Length", not(equalTo("0")));
  }

  @Test
  void pagesTravelCompressed() {
    given()
        .header("Accept-Encoding", "gzip, br")
        .get("/")
        .then()
        .statusCode(200)
        .header("Content-Encoding", "gzip")
        .header("Vary", equalToIgnoringCase("accept-encoding"))
        .body(containsString("<!doctype html>"));
    given()
        .config(
            RestAssured.config().decoderConfig(DecoderConfig.decoderConfig().noContentDecoders()))
        .header("Accept-Encoding", "gzip;q=0")
        .get("/")
        .then()
        .header("Content-Encoding", nullValue())
        .body(containsString("<!doctype html>"));
  }

  @Test
  void digestsAreNoLabelsOfMetrics() {
    String digest = SampleModels.SMALL.published().tokenizer().sha256();
    given().get("/v1/shards/" + digest).then().statusCode(200);
    given().get("/v1/streams/" + SampleModels.SMALL.bundle(4)).then().statusCode(200);
    given().get("/v1/bundles/" + SampleModels.SMALL.bundle(4)).then().statusCode(200);

    given()
        .get("/q/metrics")
        .then()
        .body(containsString("uri=\"/v1/shards/{sha256}\""))
        .body(not(containsString(digest)))
        .body(not(containsString("small~")));
  }

  @Test
  void answersHealthMetricsAndOpenApi() {
    given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
    given().get("/q/metrics").then().statusCode(200);
    given()
        .get("/q/openapi")
        .then()
        .statusCode(200)
        .body(containsString("/v1/bundles/{id}"))
        .body(containsString("/v1/shards/{sha256}"))
        .body(containsString("/v1/streams/{bundle}"));
  }
}
