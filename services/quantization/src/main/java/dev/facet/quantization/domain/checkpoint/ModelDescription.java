package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import java.util.Map;

/**
 * A checkpoint's config.json, read: what is computed, with which tensors, and where those come
 * from.
 *
 * @param views by name of the tensor made
 */
record ModelDescription(
    ArchitectureConfig config, DecoderTensors tensors, Map<String, TensorView> views) {}
