package dev.facet.quantization.domain.kernel;

/**
 * Chooses the kernels for this JVM. The Vector API versions need {@code --add-modules
 * jdk.incubator.vector} and JDK 21 or newer: on JDK 17 the vector encoder was measured to be slower
 * than the scalar one.
 */
public final class Kernels {
  private static final int VECTOR_JDK = 21;
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private Kernels() {}

  /** Whether the Vector API is present and fast on this JVM. */
  public static boolean vectorized() {
    return Runtime.version().feature() >= VECTOR_JDK && vectorModulePresent();
  }

  static boolean vectorModulePresent() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }

  public static QuantizationKernel quantization() {
    return vectorized() ? new VectorQuantizationKernel() : new ScalarQuantizationKernel();
  }
}
