package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import java.nio.file.Path;
import java.util.List;

/** One way of writing a model down, its headers and shapes checked. */
interface CheckpointFormat extends WeightSource, AutoCloseable {
  ArchitectureConfig config();

  ModelTensors tensors();

  /** Reads or makes the tokenizer. */
  TokenizerFile tokenizer();

  /** The files whose content is the model, in a fixed order. */
  List<Path> contentFiles();

  @Override
  void close();
}
