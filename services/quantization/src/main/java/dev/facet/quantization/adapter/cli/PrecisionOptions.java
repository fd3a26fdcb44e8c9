package dev.facet.quantization.adapter.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The ways to say how precise, of which one is given at most. */
final class PrecisionOptions {
  @Option(
      names = "--bits",
      description = "Bits of every linear layer, 2 to 8; embedding and head get 6 or more.")
  Integer bits;

  @Option(names = "--size", description = "Bytes to fit in: each group's best bits are searched.")
  Long size;

  @Option(names = "--map", description = "JSON file: tensor group to bits.")
  Path map;
}
