package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.problem.DomainProblem;
import dev.facet.quantization.adapter.checkpoint.JacksonJsonSource;
import dev.facet.quantization.domain.gguf.GgufFile;
import dev.facet.quantization.domain.gguf.GgufTensor;
import dev.facet.quantization.fuzz.MemoryFile;
import java.io.IOException;
import java.nio.file.Path;

/** Any bytes as a GGUF file: a problem, or a model with tokenizer and weights, nothing else. */
public final class GgufFuzz {
  private static final JsonSource JSON = new JacksonJsonSource();
  private static final int MOST_WEIGHTS = 1 << 16;

  private GgufFuzz() {}

  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    weights(bytes);
    model(bytes);
  }

  private static void weights(byte[] bytes) throws IOException {
    try (GgufFile file = GgufFile.open("fuzz.gguf", new MemoryFile(bytes))) {
      for (GgufTensor tensor : file.tensors()) {
        if (tensor.cols() <= MOST_WEIGHTS) {
          file.read(tensor, tensor.rows() - 1, 1, new float[(int) tensor.cols()], 0);
        }
      }
    } catch (DomainProblem refused) {
      requireSaid(refused);
    }
  }

  private static void model(byte[] bytes) throws IOException {
    try (GgufFile file = GgufFile.open("fuzz.gguf", new MemoryFile(bytes));
        GgufModel model = GgufModel.of(Path.of("fuzz.gguf"), file, JSON)) {
      model.tokenizer();
      for (TensorSpec spec : model.tensors().all()) {
        if (spec.cols() <= MOST_WEIGHTS) {
          model.read(spec, spec.rows() - 1, 1, new float[spec.cols()], 0);
        }
      }
    } catch (DomainProblem refused) {
      requireSaid(refused);
    }
  }

  private static void requireSaid(DomainProblem problem) {
    if (!problem.members().containsKey("file") || problem.getMessage().isBlank()) {
      throw new AssertionError("a problem that does not say where", problem);
    }
  }
}
