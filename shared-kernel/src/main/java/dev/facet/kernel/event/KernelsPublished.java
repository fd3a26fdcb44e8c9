package dev.facet.kernel.event;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A set of kernels can be fetched.
 *
 * @param revision 12 hex digits over names and digests
 */
public record KernelsPublished(String revision, List<Module> modules, Instant publishedAt)
    implements DomainEvent {
  public static final String TYPE = "kernels.published.v1";

  public KernelsPublished {
    Objects.requireNonNull(revision, "revision");
    Objects.requireNonNull(modules, "modules");
    Objects.requireNonNull(publishedAt, "publishedAt");
  }

  /**
   * @param name file name
   * @param kind {@code wasm} or {@code wgsl}
   * @param backend {@code wasm} or {@code webgpu}
   */
  public record Module(String name, String kind, String backend, String sha256, long bytes) {}

  @Override
  public String topic() {
    return Topics.KERNELS_PUBLISHED;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String key() {
    return revision;
  }
}
