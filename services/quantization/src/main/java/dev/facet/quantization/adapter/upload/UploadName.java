package dev.facet.quantization.adapter.upload;

import dev.facet.quantization.domain.checkpoint.CheckpointProblem;
import dev.facet.quantization.domain.source.UploadProblem;
import java.util.regex.Pattern;

/** Names that files of an upload may have: plain ones, of kinds that are read without running. */
final class UploadName {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,180}\\.(json|safetensors|gguf)");
  private static final Pattern PICKLE =
      Pattern.compile("[A-Za-z0-9._-]{1,190}\\.(bin|pt|pth|ckpt|pkl)");

  private UploadName() {}

  /**
   * @return the name
   * @throws dev.facet.kernel.problem.DomainProblem if no file may be called so
   */
  static String require(String name) {
    if (PICKLE.matcher(name).matches()) {
      throw new CheckpointProblem.PickledWeights(name);
    }
    if (!NAME.matcher(name).matches()) {
      throw new UploadProblem.BadName(name);
    }
    return name;
  }
}
