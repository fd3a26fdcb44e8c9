package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's settings, read: what is computed, with which tensors, and where those come from.
 *
 * @param views by name of the tensor made
 * @param settings files besides config.json whose content is part of the model, where they are
 *     there
 */
record ModelDescription(
    ArchitectureConfig config,
    ModelTensors tensors,
    Map<String, TensorView> views,
    List<String> settings) {}
