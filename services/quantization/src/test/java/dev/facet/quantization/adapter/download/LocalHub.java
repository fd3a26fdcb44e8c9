package dev.facet.quantization.adapter.download;

import dev.facet.kernel.identity.Digest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * A server with the layout of the Hugging Face Hub: the listing of a revision, small files answered
 * at their resolve URL, large ones redirected to another host, ranges, entity tags. It can be told
 * to misbehave.
 */
public final class LocalHub implements AutoCloseable {
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String REPOSITORY = "/maker/model";

  /** One request as it came. */
  public record Seen(String host, String path, String range, String authorization) {}

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, BiConsumer<HttpServerRequest, byte[]>> overrides =
      new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> cuts = new ConcurrentHashMap<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  public LocalHub() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  public LocalHub file(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  public LocalHub file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Cuts the connection that many times after half of what is left of a large file. */
  public LocalHub cut(String name, int times) {
    cuts.put(name, new AtomicInteger(times));
    return this;
  }

  /** Answers the resolve URL of a file in another way. */
  public LocalHub override(String name, BiConsumer<HttpServerRequest, byte[]> answer) {
    overrides.put(name, answer);
    return this;
  }

  public List<Seen> seen(String name) {
    return seen.stream().filter(request -> request.path().endsWith("/" + name)).toList();
  }

  public int port() {
    return server.actualPort();
  }

  public URI url(String host) {
    return URI.create("http://%s:%d".formatted(host, port()));
  }

  private void answer(HttpServerRequest request) {
    String path = request.path();
    seen.add(
        new Seen(
            request.authority().host(),
            path,
            request.getHeader("Range"),
            request.getHeader("Authorization")));
    String resolve = REPOSITORY + "/resolve/" + COMMIT + "/";
    if (path.equals("/api/models" + REPOSITORY + "/revision/main")
        || path.equals("/api/models" + REPOSITORY + "/revision/" + COMMIT)) {
      list(request.response());
    } else if (path.startsWith(resolve)) {
      resolve(request, path.substring(resolve.length()));
    } else if (path.startsWith("/cdn/")) {
      content(request, path.substring(5), true);
    } else if (path.startsWith("/plain/")) {
      content(request, path.substring(7), false);
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  private void list(HttpServerResponse response) {
    JsonArray siblings = new JsonArray();
    files.keySet().forEach(name -> siblings.add(new JsonObject().put("rfilename", name)));
    response.end(new JsonObject().put("sha", COMMIT).put("siblings", siblings).encode());
  }

  private void resolve(HttpServerRequest request, String name) {
    byte[] content = files.get(name);
    if (overrides.containsKey(name)) {
      overrides.get(name).accept(request, content);
    } else if (content == null) {
      request.response().setStatusCode(404).end();
    } else if (isLarge(name)) {
      redirect(request, name, Digest.of(content).hex(), content.length);
    } else {
      request.response().putHeader("X-Repo-Commit", COMMIT);
      content(request, name, false);
    }
  }

  /** As the Hub answers for a file in its large-file store. */
  public void redirect(HttpServerRequest request, String name, String digest, long size) {
    request
        .response()
        .setStatusCode(302)
        .putHeader("X-Repo-Commit", COMMIT)
        .putHeader("X-Linked-Etag", "\"" + digest + "\"")
        .putHeader("X-Linked-Size", String.valueOf(size))
        .putHeader("Location", url("127.0.0.1") + "/cdn/" + name)
        .end();
  }

  private static boolean isLarge(String name) {
    return name.endsWith(".safetensors") || name.endsWith(".gguf");
  }

  private void content(HttpServerRequest request, String name, boolean ranges) {
    byte[] content = files.get(name);
    HttpServerResponse response = request.response();
    if (content == null) {
      response.setStatusCode(404).end();
      return;
    }
    int from = 0;
    String range = request.getHeader("Range");
    if (ranges && range != null) {
      from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      if (from >= content.length) {
        response.setStatusCode(416).end();
        return;
      }
      response
          .setStatusCode(206)
          .putHeader(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    response.putHeader("ETag", "\"" + Digest.of(content).hex() + "\"");
    response.putHeader("Content-Length", String.valueOf(content.length - from));
    Buffer rest = Buffer.buffer(content).slice(from, content.length);
    AtomicInteger left = cuts.getOrDefault(name, new AtomicInteger());
    if (left.getAndDecrement() > 0) {
      response
          .write(rest.slice(0, rest.length() / 2))
          .onComplete(written -> vertx.setTimer(30, timer -> request.connection().close()));
    } else {
      response.end(rest);
    }
  }

  /** Names of all files asked for, in order. */
  public List<String> asked() {
    List<String> names = new ArrayList<>();
    seen.forEach(request -> names.add(request.path().replaceAll(".*/", "")));
    return names;
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
