package dev.facet.quantization.adapter.cli;

/**
 * What another quantizer makes of a model.
 *
 * @param bytes of its file
 * @param meanKl as its row in the source says
 * @param trialKl what a trial of uniform codes reached at the same size; null where none was made
 */
record Peer(String name, long bytes, double meanKl, Double trialKl) {
  private static final double ALLOWANCE = 1.05;

  /** The divergence asked for at this size: near the trial, or at least the peer's. */
  double floor() {
    return trialKl == null ? meanKl : ALLOWANCE * trialKl;
  }

  double goal() {
    return meanKl / 2;
  }
}
