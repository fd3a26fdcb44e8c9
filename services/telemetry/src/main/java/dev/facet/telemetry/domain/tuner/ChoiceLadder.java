package dev.facet.telemetry.domain.tuner;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The points that a policy may move among, poorest first. Points that lose too much quality are on
 * it, because old plans may still run at them, but are never chosen.
 */
public final class ChoiceLadder {
  private final List<Rung> rungs;
  private final double maxMeanKl;

  private ChoiceLadder(List<Rung> rungs, double maxMeanKl) {
    this.rungs = rungs;
    this.maxMeanKl = maxMeanKl;
  }

  /**
   * @param rungs points of one ladder, in any order
   * @param maxMeanKl mean KL above which a measured point is not chosen
   * @return empty if no point may be chosen
   */
  public static Optional<ChoiceLadder> of(Collection<Rung> rungs, double maxMeanKl) {
    List<Rung> bySize = rungs.stream().sorted(Comparator.comparingLong(Rung::bytes)).toList();
    ChoiceLadder ladder = new ChoiceLadder(bySize, maxMeanKl);
    return bySize.stream().anyMatch(ladder::allows) ? Optional.of(ladder) : Optional.empty();
  }

  /** All points, poorest first. */
  public List<Rung> rungs() {
    return rungs;
  }

  /** Whether a point may be chosen: its quality is good enough or not yet known. */
  public boolean allows(Rung rung) {
    return rung.meanKl() == null || rung.meanKl() <= maxMeanKl;
  }

  /** The richest point that may be chosen: where a policy starts and above which it never goes. */
  public Rung defaultRung() {
    return poorerThan(rungs.size()).orElseThrow();
  }

  public Optional<Rung> find(String id) {
    return rungs.stream().filter(rung -> rung.id().equals(id)).findFirst();
  }

  /** The next point with fewer bytes that may be chosen. */
  public Optional<Rung> below(Rung rung) {
    return poorerThan(rungs.indexOf(rung));
  }

  /** The next point with more bytes that may be chosen. */
  public Optional<Rung> above(Rung rung) {
    return rungs.stream().skip(rungs.indexOf(rung) + 1L).filter(this::allows).findFirst();
  }

  /** This point and all poorer ones, richest first. */
  public List<Rung> downFrom(Rung rung) {
    return rungs.subList(0, rungs.indexOf(rung) + 1).stream()
        .sorted(Comparator.comparingLong(Rung::bytes).reversed())
        .toList();
  }

  private Optional<Rung> poorerThan(int position) {
    return rungs.stream().limit(position).filter(this::allows).reduce((poorer, richer) -> richer);
  }
}
