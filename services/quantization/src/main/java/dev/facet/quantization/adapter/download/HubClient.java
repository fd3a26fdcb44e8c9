package dev.facet.quantization.adapter.download;

import dev.facet.quantization.domain.checkpoint.JsonSource;
import dev.facet.quantization.domain.source.FetchProblem;
import dev.facet.quantization.domain.source.HubSource;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Hub's interface: which commit a revision is, which files it has, where they lie.
 *
 * @see <a href="https://huggingface.co/docs/hub/api">Hub API</a>
 */
final class HubClient {
  private static final int LARGEST_LISTING = 16 << 20;

  /** One revision of a repository. */
  record Listing(String commit, List<String> files) {}

  private final GuardedClient client;
  private final JsonSource json;
  private final URI base;
  private final String secret;

  /**
   * @param secret value of the Authorization header; null for none
   */
  HubClient(GuardedClient client, JsonSource json, URI base, String secret) {
    this.client = client;
    this.json = json;
    this.base = base.toString().endsWith("/") ? base : URI.create(base + "/");
    this.secret = secret;
  }

  String secret() {
    return secret;
  }

  /** Where a file of a pinned source lies. */
  URI file(HubSource source, String name) {
    return base.resolve(
        "%s/%s/resolve/%s/%s"
            .formatted(source.organisation(), source.name(), encoded(source.revision()), name));
  }

  Future<Listing> list(HubSource source) {
    URI url =
        base.resolve(
            "api/models/%s/%s/revision/%s"
                .formatted(source.organisation(), source.name(), encoded(source.revision())));
    return client
        .get(url, MultiMap.caseInsensitiveMultiMap(), secret)
        .compose(reply -> body(url, reply))
        .map(body -> listing(url, body));
  }

  /** A revision may contain slashes, which are part of its name. */
  private static String encoded(String revision) {
    return URLEncoder.encode(revision, StandardCharsets.UTF_8);
  }

  private static Future<Buffer> body(URI url, Reply reply) {
    if (reply.status() != 200) {
      reply.discard();
      return Future.failedFuture(
          reply.status() >= 500
              ? new FetchProblem.Unreachable(url.toString(), "status " + reply.status())
              : new FetchProblem.NotGiven(url.toString(), reply.status()));
    }
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    reply.response().exceptionHandler(whole::tryFail).endHandler(end -> whole.tryComplete(body));
    reply
        .response()
        .handler(
            bytes -> {
              if (body.length() + bytes.length() > LARGEST_LISTING) {
                reply.discard();
                whole.tryFail(new FetchProblem.BadAnswer(url.toString(), "the list is too long"));
              } else {
                body.appendBuffer(bytes);
              }
            })
        .resume();
    return whole.future();
  }

  private Listing listing(URI url, Buffer body) {
    try {
      Map<String, Object> answer = json.object(body.getBytes());
      List<String> files = new ArrayList<>();
      if (answer.get("siblings") instanceof List<?> siblings) {
        for (Object sibling : siblings) {
          if (sibling instanceof Map<?, ?> file && file.get("rfilename") instanceof String name) {
            files.add(name);
          }
        }
      }
      if (!(answer.get("sha") instanceof String commit) || !commit.matches("[0-9a-f]{40}")) {
        throw new FetchProblem.BadAnswer(url.toString(), "it names no commit");
      }
      return new Listing(commit, files);
    } catch (JsonSource.MalformedJsonException e) {
      throw new FetchProblem.BadAnswer(url.toString(), "it is no JSON");
    }
  }
}
