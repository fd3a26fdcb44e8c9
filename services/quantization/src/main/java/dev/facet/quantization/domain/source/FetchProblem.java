package dev.facet.quantization.domain.source;

import dev.facet.kernel.problem.DomainProblem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A checkpoint that cannot, or must not, be fetched from where it is said to be. */
public abstract sealed class FetchProblem extends DomainProblem {
  private static final long serialVersionUID = 1L;
  private static final int UNPROCESSABLE = 422;

  private FetchProblem(String slug, String title, String detail, Map<String, Object> where) {
    super(slug, UNPROCESSABLE, title, detail, where);
  }

  private static Map<String, Object> at(String url) {
    return Map.of("url", url);
  }

  private static Map<String, Object> at(String file, String key, Object value) {
    Map<String, Object> where = new LinkedHashMap<>();
    where.put("file", file);
    where.put(key, value);
    return where;
  }

  /** A host that is not on the list of those to fetch from, at first or by a redirect. */
  public static final class HostNotAllowed extends FetchProblem {
    private static final long serialVersionUID = 1L;

    public HostNotAllowed(String url, String host, List<String> allowed) {
      super(
          "source-host-not-allowed",
          "Host not allowed",
          "%s is not among the hosts to fetch from: %s. facet.sources.hosts lists them."
              .formatted(host, String.join(", ", allowed)),
          Map.of("url", url, "host", host, "allowed", allowed));
    }
  }

  /** A host whose address lies in a private or reserved range. */
  public static final class PrivateAddress extends FetchProblem {
    private static final long serialVersionUID = 1L;

    public PrivateAddress(String url, String host) {
      super(
          "source-address-private",
          "Private address refused",
          "%s has an address in a private or reserved range, from which nothing is fetched."
              .formatted(host),
          Map.of("url", url, "host", host));
    }
  }

  /** A redirect that leads nowhere, in circles or from https to http. */
  public static final class BadRedirect extends FetchProblem {
    private static final long serialVersionUID = 1L;

    public BadRedirect(String url, String detail) {
      super("source-redirect", "Redirect refused", "%s %s.".formatted(url, detail), at(url));
    }
  }

  /** A name that has no address, a host that does not answer or keeps failing. */
  public static final class Unreachable extends FetchProblem {
    private static final long serialVersionUID = 1L;

    public Unreachable(String url, String reason) {
      super(
          "source-unreachable",
          "Source unreachable",
          "Fetching %s failed: %s.".formatted(url, reason),
          at(url));
    }
  }

  /** A repository, revision or file that is not there or asks for credentials. */
  public static final class NotGiven extends FetchProblem {
    private static final long serialVersionUID = 1L;

    public NotGiven(String url, int status) {
      super(
          "source-not-given",
          "Source not given",
          "%s answered %d: %s."
              .formatted(
                  url,
                  status,
                  status == 404 || status == 410
                      ? "there is no such repository, revision or file"
                      : "it is not given to this service"),
          Map.of("url", url, "answered", status));
    }
  }

  /** More bytes than are taken. */
  public static final class TooLarge extends FetchProblem {
    private static final long serialVersionUID = 1L;

    public TooLarge(String file, long limit) {
      super(
          "source-too-large",
          "Source too large",
          "With %s the source is larger than the %d bytes that are fetched at most."
              .formatted(file, limit),
          at(file, "limit", limit));
    }
  }

  /** A file whose length is not the one announced. */
  public static final class WrongSize extends FetchProblem {
    private static final long serialVersionUID = 1L;

    public WrongSize(String file, long announced, long found) {
      super(
          "source-size",
          "Wrong size",
          "%s was announced with %d bytes, %d came.".formatted(file, announced, found),
          at(file, "announced", announced));
    }
  }

  /** A file whose content is not what its digest says. */
  public static final class WrongDigest extends FetchProblem {
    private static final long serialVersionUID = 1L;

    public WrongDigest(String file, String announced, String found) {
      super(
          "source-digest",
          "Wrong content",
          "%s was announced with digest %s, what came has %s.".formatted(file, announced, found),
          at(file, "announced", announced));
    }
  }

  /** An answer that is not what the Hub's interface says. */
  public static final class BadAnswer extends FetchProblem {
    private static final long serialVersionUID = 1L;

    public BadAnswer(String url, String detail) {
      super("source-answer", "Unusable answer", "%s: %s.".formatted(url, detail), at(url));
    }
  }

  /** A repository with several models or none. */
  public static final class NoModel extends FetchProblem {
    private static final long serialVersionUID = 1L;

    public NoModel(String source, String detail) {
      super(
          "source-no-model",
          "No model to fetch",
          "%s %s.".formatted(source, detail),
          Map.of("source", source));
    }
  }
}
