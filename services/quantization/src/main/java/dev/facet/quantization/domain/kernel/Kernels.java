package dev.facet.quantization.domain.kernel;

/**
 * Chooses the kernels for this JVM. The Vector API versions need {@code --add-modules
 * jdk.incubator.vector}. Matrix products are then faster on every JDK (measured: 73 against 6
 * GFLOP/s on JDK 17, one core); the encoder only from JDK 21 on (on JDK 17 it was slower than the
 * scalar one).
 */
public final class Kernels {
  private static final int VECTOR_ENCODER_JDK = 21;
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private Kernels() {}

  /** Whether the Vector API can be used at all. */
  public static boolean vectorModulePresent() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }

  /** Whether the Vector API is present and of a JDK on which all its uses here are fast. */
  public static boolean vectorized() {
    return vectorModulePresent() && Runtime.version().feature() >= VECTOR_ENCODER_JDK;
  }

  public static QuantizationKernel quantization() {
    return vectorized() ? new VectorQuantizationKernel() : new ScalarQuantizationKernel();
  }

  public static MatrixKernel matrix() {
    return vectorModulePresent() ? new VectorMatrixKernel() : new ScalarMatrixKernel();
  }

  /** Names the kernels in use, for logs. */
  public static String describe() {
    return "%s, %s on JDK %d"
        .formatted(
            matrix().getClass().getSimpleName(),
            quantization().getClass().getSimpleName(),
            Runtime.version().feature());
  }
}
