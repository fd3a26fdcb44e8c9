package dev.facet.kernel.event;

import java.time.Instant;
import java.util.Objects;

/**
 * The tuner prefers another point for a model and device class.
 *
 * @param point the preferred point
 * @param previous the one before, null at first
 * @param reason a sentence for people
 * @param evidence the measurements behind it; null when the point before can no longer be chosen
 */
public record PrecisionPolicyChanged(
    String model,
    String deviceClass,
    String point,
    String previous,
    String reason,
    Evidence evidence,
    Instant decidedAt)
    implements DomainEvent {
  public static final String TYPE = "precision.policy.changed.v1";

  public PrecisionPolicyChanged {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(deviceClass, "deviceClass");
    Objects.requireNonNull(point, "point");
    Objects.requireNonNull(previous, "previous");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(decidedAt, "decidedAt");
  }

  /**
   * @param point point that was measured
   * @param sessions sessions counted
   * @param medianMsPerToken median over sessions of decode milliseconds a token
   * @param targetMsPerToken what was asked for
   */
  public record Evidence(
      String point,
      long sessions,
      double medianMsPerToken,
      double p95MsPerToken,
      double targetMsPerToken) {}

  @Override
  public String topic() {
    return Topics.PRECISION_POLICIES;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String key() {
    return model + "|" + deviceClass;
  }
}
