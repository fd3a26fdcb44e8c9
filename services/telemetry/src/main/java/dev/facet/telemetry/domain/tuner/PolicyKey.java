package dev.facet.telemetry.domain.tuner;

/** What a policy is for. */
public record PolicyKey(String model, String deviceClass) {
  @Override
  public String toString() {
    return model + "|" + deviceClass;
  }
}
