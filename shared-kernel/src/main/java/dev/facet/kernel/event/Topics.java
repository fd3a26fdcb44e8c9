package dev.facet.kernel.event;

/**
 * Names of the topics between services; each has a dead-letter topic of the same name with {@code
 * .dlq}.
 */
public final class Topics {
  public static final String DEVICE_PROFILES = "device-profiles";
  public static final String MODEL_PUBLISHED = "model-published";
  public static final String KERNELS_PUBLISHED = "kernels-published";
  public static final String SHARDS_DELIVERED = "shards-delivered";
  public static final String CLIENT_METRICS = "client-metrics";
  public static final String PRECISION_POLICIES = "precision-policies";
  public static final String QUANTIZATION_TASKS = "quantization-tasks";

  private Topics() {}
}
