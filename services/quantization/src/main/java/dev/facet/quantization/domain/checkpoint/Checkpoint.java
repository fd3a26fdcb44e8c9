package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An open checkpoint whose every tensor was found with the shape that its configuration asks for.
 * Weights are read on demand; values that are not finite are refused as they are met.
 */
public final class Checkpoint implements WeightSource, AutoCloseable {
  private final CheckpointFormat format;

  private Checkpoint(CheckpointFormat format) {
    this.format = format;
  }

  /**
   * @param path a folder of the Hugging Face Hub (config.json, tokenizer.json, safetensors files),
   *     a folder with one GGUF file, or a GGUF file
   * @throws dev.facet.kernel.problem.DomainProblem when anything about the files is not as it must
   *     be
   */
  public static Checkpoint open(Path path, JsonSource json) {
    if (Files.isRegularFile(path) && path.toString().endsWith(CheckpointFiles.GGUF_ENDING)) {
      return new Checkpoint(GgufModel.open(path, json));
    }
    CheckpointFiles files = new CheckpointFiles(path, json);
    Optional<Path> gguf = files.gguf();
    return new Checkpoint(
        gguf.isPresent() ? GgufModel.open(gguf.get(), json) : SafetensorsModel.open(files, json));
  }

  public ArchitectureConfig config() {
    return format.config();
  }

  public ModelTensors tensors() {
    return format.tensors();
  }

  /**
   * The tensors of the decoder, alone or with what gives it pictures.
   *
   * @throws CheckpointProblem.NoDecoder for a text encoder
   */
  public DecoderTensors decoder() {
    ModelTensors tensors = tensors();
    if (tensors instanceof DecoderTensors decoder) {
      return decoder;
    }
    if (tensors instanceof VisionLanguageTensors model) {
      return model.decoder();
    }
    throw new CheckpointProblem.NoDecoder(config().architecture());
  }

  /** Whether the model writes text from text alone. */
  public boolean isDecoder() {
    return tensors() instanceof DecoderTensors;
  }

  /** Weights of all tensors that the model uses, a tied one counted once. */
  public long parameters() {
    return tensors().all().stream().mapToLong(TensorSpec::weights).sum();
  }

  /**
   * @throws CheckpointProblem.MissingFile when there is none
   */
  public TokenizerFile tokenizer() {
    return format.tokenizer();
  }

  /** The files whose content is the model, in a fixed order. */
  public List<Path> contentFiles() {
    return format.contentFiles();
  }

  @Override
  public void read(TensorSpec tensor, int firstRow, int rowCount, float[] target, int offset) {
    format.read(tensor, firstRow, rowCount, target, offset);
  }

  @Override
  public void close() {
    format.close();
  }
}
