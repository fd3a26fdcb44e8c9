package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.EncoderShape;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a text encoder by their role.
 *
 * @param positions a vector for each place in a text
 * @param segment what is added to every token: texts are one segment
 */
public record TextEncoderTensors(
    TensorSpec embedding,
    TensorSpec positions,
    TensorSpec segment,
    Affine norm,
    EncoderTensors encoder)
    implements ModelTensors {
  static final String COMPONENT = "text_encoder";

  static TextEncoderTensors of(int vocabSize, int positions, EncoderShape shape) {
    int hidden = shape.hiddenSize();
    return new TextEncoderTensors(
        new TensorSpec(COMPONENT + ".embed_tokens.weight", vocabSize, hidden),
        new TensorSpec(COMPONENT + ".positions.weight", positions, hidden),
        new TensorSpec(COMPONENT + ".segment.weight", 1, hidden),
        Affine.norm(COMPONENT + ".norm", hidden),
        EncoderTensors.of(COMPONENT, shape));
  }

  @Override
  public List<TensorSet> sets() {
    List<TensorSet> sets = new ArrayList<>();
    sets.add(TensorSet.table("embedding", embedding));
    sets.addAll(encoder.sets("layers."));
    List<TensorSpec> dense =
        new ArrayList<>(List.of(positions, segment, norm.weight(), norm.bias()));
    encoder.layers().forEach(layer -> dense.addAll(layer.vectors()));
    sets.add(TensorSet.dense(dense));
    return sets;
  }
}
