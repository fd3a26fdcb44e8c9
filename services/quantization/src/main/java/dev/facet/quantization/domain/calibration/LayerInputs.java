package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.kernel.Workers;

/**
 * What calibration knows about the inputs that one or more linear layers share, ready to code with:
 * made once from a Hessian, used for each matrix that multiplies these inputs.
 */
public final class LayerInputs {
  final FeedbackFactor factor;
  final Moments moments;

  private LayerInputs(FeedbackFactor factor, Moments moments) {
    this.factor = factor;
    this.moments = moments;
  }

  public static LayerInputs of(Hessian hessian, Workers workers) {
    return of(hessian, FeedbackKernel.create(), workers);
  }

  static LayerInputs of(Hessian hessian, FeedbackKernel kernel, Workers workers) {
    FeedbackFactor factor = FeedbackFactor.of(hessian, kernel, workers);
    return new LayerInputs(factor, new Moments(hessian, factor.damping(), workers));
  }

  /** Inputs of the layers. */
  public int size() {
    return moments.size();
  }

  /** How much an error in each column counts by itself; their mean is 1. */
  float[] importance() {
    double sum = 0;
    for (int col = 0; col < size(); col++) {
      sum += moments.diagonal(col);
    }
    float[] importance = new float[size()];
    for (int col = 0; col < size(); col++) {
      importance[col] = (float) (moments.diagonal(col) / sum * size());
    }
    return importance;
  }
}
