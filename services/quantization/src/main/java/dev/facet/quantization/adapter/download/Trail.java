package dev.facet.quantization.adapter.download;

import dev.facet.quantization.domain.source.FetchProblem;
import io.vertx.core.MultiMap;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * The steps of one request from redirect to redirect, and what they have said of the file: the Hub
 * names digest and size of a large file before it redirects to where that lies.
 */
final class Trail {
  private final URI first;
  private URI url;
  private int steps;
  private String linkedTag;
  private String linkedSize;
  private String commit;

  Trail(URI first) {
    this.first = first;
    this.url = first;
  }

  URI url() {
    return url;
  }

  int steps() {
    return steps;
  }

  boolean isFirstHost() {
    return url.getHost().equalsIgnoreCase(first.getHost())
        && url.getScheme().equals(first.getScheme())
        && url.getPort() == first.getPort();
  }

  /** What was said first counts: it is the Hub's own word. */
  void note(MultiMap headers) {
    linkedTag = linkedTag == null ? headers.get("X-Linked-Etag") : linkedTag;
    linkedSize = linkedSize == null ? headers.get("X-Linked-Size") : linkedSize;
    commit = commit == null ? headers.get("X-Repo-Commit") : commit;
  }

  /**
   * @throws FetchProblem.BadRedirect if the location is no URL, or leads from https to http
   */
  void follow(String location) {
    URI next;
    try {
      next = url.resolve(new URI(location));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new FetchProblem.BadRedirect(url.toString(), "redirects to what is no URL");
    }
    if (next.getHost() == null || next.getScheme() == null) {
      throw new FetchProblem.BadRedirect(url.toString(), "redirects to what is no URL");
    }
    if (url.getScheme().equals("https") && !next.getScheme().equals("https")) {
      throw new FetchProblem.BadRedirect(url.toString(), "redirects from https to http");
    }
    url = next;
    steps++;
  }

  String linkedTag() {
    return linkedTag;
  }

  String linkedSize() {
    return linkedSize;
  }

  String commit() {
    return commit;
  }
}
