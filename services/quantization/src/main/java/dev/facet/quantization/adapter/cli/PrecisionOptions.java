package dev.facet.quantization.adapter.cli;

import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.ladder.LadderSpec;
import dev.facet.quantization.domain.precision.Budget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The ways to say how precise. */
final class PrecisionOptions {
  static final String COMPACT = "compact";
  private static final List<String> LADDERS =
      List.of(LadderSpec.FULL.name(), COMPACT, LadderSpec.REFERENCE.name());

  /** Of which one is given at most. */
  static final class Amount {
    @Option(
        names = "--bits",
        description = "Bits of every linear layer, 2 to 8; embedding and head get 6 or more.")
    private Integer bits;

    @Option(names = "--size", description = "Bytes to fit in: each group's best bits are searched.")
    private Long size;

    @Option(
        names = "--body-bits",
        description =
            "Mean bits of the linear layers to fit in, scales included; embedding and head get 8.")
    private Double bodyBits;

    @Option(names = "--map", description = "JSON file: tensor group to bits.")
    private Path map;
  }

  @ArgGroup private Amount amount = new Amount();

  @Option(
      names = "--ladder",
      description =
          "Cut this ladder (full, compact, reference) instead of anchoring at the bits asked for.")
  String ladder;

  @Option(
      names = "--swaps",
      defaultValue = "6",
      description =
          "With --size or --body-bits: maps to measure besides the one that calibration foretells.")
  int swaps;

  Integer bits;
  Path map;

  /** The options that these words give. */
  static PrecisionOptions parse(String... words) {
    PrecisionOptions options = new PrecisionOptions();
    new CommandLine(options).parseArgs(words);
    options.check();
    return options;
  }

  /**
   * To be called once the options are read.
   *
   * @throws BadOption if they cannot be followed
   */
  void check() {
    bits = amount.bits;
    map = amount.map;
    if (bits != null && (bits < CodeSettings.MIN_DEPTH || bits > CodeSettings.MAX_DEPTH)) {
      throw new BadOption("--bits is 2 to 8, not " + bits + ".");
    }
    if (swaps < 0) {
      throw new BadOption("--swaps is not negative.");
    }
    if (ladder != null && !LADDERS.contains(ladder)) {
      throw new BadOption("--ladder is full, compact or reference, not " + ladder + ".");
    }
  }

  /** What a map is to be searched for; empty if the bits are given. */
  Optional<Budget> budget() {
    if (amount.size != null) {
      return Optional.of(new Budget.OfModel(amount.size));
    }
    return Optional.ofNullable(amount.bodyBits).map(Budget.OfBody::new);
  }

  /** What to call the ladder that is coded. */
  String name() {
    if (ladder != null) {
      return ladder;
    }
    return bits == null ? "mixed" : "bits-" + bits;
  }
}
