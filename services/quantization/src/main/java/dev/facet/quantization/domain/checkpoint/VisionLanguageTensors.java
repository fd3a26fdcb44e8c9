package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.VisionTower;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a model that answers about pictures.
 *
 * @param patches turns a patch, {@code colours x patchSize x patchSize} values, to a vector
 * @param leading what stands before the patches
 * @param positions a vector for each place, that of {@code leading} first
 * @param norm before the encoder
 * @param first projects the encoder's vectors, {@code second} what becomes of them
 */
public record VisionLanguageTensors(
    TensorSpec patches,
    TensorSpec leading,
    TensorSpec positions,
    Affine norm,
    EncoderTensors encoder,
    Affine first,
    Affine second,
    DecoderTensors decoder)
    implements ModelTensors {
  static final String VISION = "vision_encoder";
  static final String PROJECTOR = "projector";
  static final int COLOURS = 3;

  static VisionLanguageTensors of(VisionTower tower, DecoderTensors decoder) {
    int width = tower.shape().hiddenSize();
    int text = decoder.embedding().cols();
    return new VisionLanguageTensors(
        new TensorSpec(
            VISION + ".patches.weight", width, COLOURS * tower.patchSize() * tower.patchSize()),
        new TensorSpec(VISION + ".leading.weight", 1, width),
        new TensorSpec(VISION + ".positions.weight", tower.patches() + 1, width),
        Affine.norm(VISION + ".norm", width),
        EncoderTensors.of(VISION, tower.shape()),
        Affine.linear(PROJECTOR + ".linear_1", text, width),
        Affine.linear(PROJECTOR + ".linear_2", text, text),
        decoder);
  }

  @Override
  public List<TensorSet> sets() {
    List<TensorSet> sets = new ArrayList<>();
    sets.add(TensorSet.linear("vision.patches", patches));
    sets.addAll(encoder.sets("vision.layers."));
    sets.add(TensorSet.linear("projector", first.weight(), second.weight()));
    List<TensorSpec> dense =
        new ArrayList<>(
            List.of(leading, positions, norm.weight(), norm.bias(), first.bias(), second.bias()));
    encoder.layers().forEach(layer -> dense.addAll(layer.vectors()));
    for (TensorSet set : decoder.sets()) {
      if (set.role() == TensorSet.Role.DENSE) {
        dense.addAll(set.tensors());
      } else {
        sets.add(set);
      }
    }
    sets.add(TensorSet.dense(dense));
    return sets;
  }
}
