package dev.facet.quantization.domain.checkpoint;

import java.util.List;

/** The tensors of a model. */
public sealed interface ModelTensors
    permits DecoderTensors, TextEncoderTensors, VisionLanguageTensors {
  /** In execution order, the float32 tensors last. */
  List<TensorSet> sets();

  /** Every tensor. */
  default List<TensorSpec> all() {
    return sets().stream().flatMap(set -> set.tensors().stream()).toList();
  }
}
