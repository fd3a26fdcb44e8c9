package dev.facet.kernel.problem;

import java.util.Map;

/**
 * A rule of the domain that a request or file has broken. Subclasses are one for each rule; the
 * REST layer turns any of them into an RFC 9457 problem, so none carries a stack trace to a caller.
 */
public abstract class DomainProblem extends RuntimeException {
  private static final String TYPE_BASE = "https://facet.dev/problems/";

  private final String slug;
  private final int status;
  private final String title;
  private final transient Map<String, Object> members;

  /**
   * @param slug last part of the problem type's URI
   * @param status HTTP status that fits
   * @param title what kind of problem, the same for all of this type
   * @param detail what is wrong and where, this time
   * @param members further members of the problem document (what, where, what would do)
   */
  protected DomainProblem(
      String slug, int status, String title, String detail, Map<String, Object> members) {
    super(detail);
    this.slug = slug;
    this.status = status;
    this.title = title;
    this.members = Map.copyOf(members);
  }

  /** URI that names the kind of problem. */
  public String type() {
    return TYPE_BASE + slug;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** Members beside type, title, status and detail; never null. */
  public Map<String, Object> members() {
    return members == null ? Map.of() : members;
  }

  /** Response headers that belong to the problem, for example {@code Retry-After}; mostly none. */
  public Map<String, String> headers() {
    return Map.of();
  }
}
