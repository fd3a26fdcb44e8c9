package dev.facet.quantization.adapter.cli;

/**
 * One figure.
 *
 * @param better {@code higher} or {@code lower}
 * @param floor what is asked for at least; null if nothing is
 * @param goal what is aimed at; null if nothing is
 */
record BenchRow(String name, double value, String unit, String better, Double floor, Double goal) {

  static BenchRow higher(String name, double value, String unit, Double floor, Double goal) {
    return new BenchRow(name, value, unit, "higher", floor, goal);
  }

  static BenchRow lower(String name, double value, String unit, Double floor, Double goal) {
    return new BenchRow(name, value, unit, "lower", floor, goal);
  }

  /** Whether what is asked for is reached; true where nothing is. */
  boolean reached() {
    return floor == null || (better.equals("higher") ? value >= floor : value <= floor);
  }
}
