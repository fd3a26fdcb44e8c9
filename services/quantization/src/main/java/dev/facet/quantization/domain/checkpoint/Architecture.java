package dev.facet.quantization.domain.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** How checkpoints of one family write down their shape and name their tensors. */
interface Architecture {
  /** All that can be imported. */
  List<Architecture> SUPPORTED =
      Stream.concat(
              Arrays.stream(DecoderFamily.values()).map(DecoderArchitecture::new),
              Stream.of(new BertArchitecture(), new LlavaArchitecture()))
          .toList();

  /** The class that config.json names under {@code architectures}. */
  String modelClass();

  /**
   * @param config config.json
   * @param files beside it
   * @throws CheckpointProblem for settings that are out of range, not supported or not known
   */
  ModelDescription describe(JsonObject config, SettingsFiles files);

  /**
   * @throws CheckpointProblem.UnsupportedArchitecture when none fits
   */
  static Architecture of(JsonObject config) {
    String found =
        config.has("architectures") && !config.list("architectures").isEmpty()
            ? String.valueOf(config.list("architectures").get(0))
            : "no architecture";
    return SUPPORTED.stream()
        .filter(architecture -> architecture.modelClass().equals(found))
        .findFirst()
        .orElseThrow(
            () ->
                new CheckpointProblem.UnsupportedArchitecture(
                    found, SUPPORTED.stream().map(Architecture::modelClass).toList()));
  }
}
