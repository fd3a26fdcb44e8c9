package dev.facet.local.mesh;

import java.util.ArrayList;
import java.util.List;

/** The four services of the mesh. */
public enum Service {
  /** Profiles, device classes and plans. */
  CAPABILITY_DETECTION("capability-detection", "capability"),
  /** Import, codec and blob writing; the only one whose kernels need memory and the Vector API. */
  QUANTIZATION("quantization", "quantization"),
  /** Bundles, shards, streams and the web client's files. */
  SHARD_STREAMING("shard-streaming", "streaming"),
  /** Ingest, aggregates and policies. */
  TELEMETRY("telemetry", "telemetry");

  private final String folder;
  private final String database;

  Service(String folder, String database) {
    this.folder = folder;
    this.database = database;
  }

  /** The name of the service and of its folder under {@code services/}. */
  public String folder() {
    return folder;
  }

  private static final long LARGEST_YOUNG_MIB = 512;

  /** The name of its database and of the role that owns it. */
  public String database() {
    return database;
  }

  /** Options of its JVM. */
  List<String> jvmOptions() {
    if (this == TELEMETRY) {
      // What a poll brings lives for one transaction. Where that does not fit the young generation
      // it fills the old one, and every collection of that holds up answers for 200 ms.
      return List.of(
          "-Xmx384m",
          "-Xmn224m",
          "-XX:SurvivorRatio=3",
          "-XX:+UseSerialGC",
          "-XX:+ExitOnOutOfMemoryError");
    }
    if (this != QUANTIZATION) {
      return List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");
    }
    long heap = Heap.forQuantization();
    List<String> options =
        new ArrayList<>(
            List.of(
                "-Xmx" + heap + "m",
                // What is young is mostly arrays that live for one product. In little room they
                // reuse pages that are there; asking the kernel for new ones took a third of an
                // import's time.
                "-XX:MaxNewSize=" + Math.min(LARGEST_YOUNG_MIB, heap / 4) + "m",
                "-XX:+UseParallelGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--add-modules",
                "jdk.incubator.vector"));
    if (System.getProperty("os.name").equals("Linux")) {
      options.add("-XX:+UseTransparentHugePages");
    }
    return options;
  }
}
