package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.VisionTower;
import dev.facet.quantization.domain.checkpoint.VisionLanguageTensors;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.kernel.MatrixKernel;
import dev.facet.quantization.domain.kernel.Workers;

/** Turns pictures to vectors that a decoder takes in the place of tokens. */
public final class PictureEncoder {
  private static final int COLOURS = 3;

  private final VisionTower tower;
  private final VisionLanguageTensors tensors;
  private final WeightSource weights;
  private final Encoder encoder;
  private final Linear linear;
  private final EncoderActivation projection;

  public PictureEncoder(
      VisionTower tower,
      VisionLanguageTensors tensors,
      WeightSource weights,
      MatrixKernel kernel,
      Workers workers) {
    this.tower = tower;
    this.tensors = tensors;
    this.weights = weights;
    this.encoder = new Encoder(tower.shape(), tensors.encoder(), weights, kernel, workers);
    this.linear = new Linear(weights, kernel, workers);
    this.projection = EncoderActivation.named(tower.projectorActivation());
  }

  /**
   * @param rgb {@code imageSize x imageSize x 3}, row by row, 0 to 1
   * @return a vector of the decoder's width for each patch, row by row
   */
  public float[] encode(float[] rgb) {
    int count = tower.patches();
    int width = tower.shape().hiddenSize();
    float[] patches = linear.apply(tensors.patches(), patches(rgb), count);
    float[] stream = new float[(count + 1) * width];
    weights.read(tensors.leading(), 0, 1, stream, 0);
    System.arraycopy(patches, 0, stream, width, patches.length);
    float[] positions = weights.read(tensors.positions());
    for (int i = 0; i < stream.length; i++) {
      stream[i] += positions[i];
    }
    float[] hidden = encoder.run(encoder.norm(tensors.norm(), stream));
    float[] features = new float[count * width];
    System.arraycopy(hidden, width, features, 0, features.length);
    float[] inner = encoder.project(tensors.first(), features, count);
    for (int i = 0; i < inner.length; i++) {
      inner[i] = projection.apply(inner[i]);
    }
    return encoder.project(tensors.second(), inner, count);
  }

  /** The patches' values, colour by colour, each colour row by row. */
  private float[] patches(float[] rgb) {
    int side = tower.patchSize();
    int across = tower.imageSize() / side;
    int values = COLOURS * side * side;
    float[] patches = new float[tower.patches() * values];
    for (int y = 0; y < tower.imageSize(); y++) {
      for (int x = 0; x < tower.imageSize(); x++) {
        int patch = y / side * across + x / side;
        int inPatch = y % side * side + x % side;
        for (int c = 0; c < COLOURS; c++) {
          double value = rgb[(y * tower.imageSize() + x) * COLOURS + c];
          patches[patch * values + c * side * side + inPatch] =
              (float) ((value - tower.mean().get(c)) / tower.deviation().get(c));
        }
      }
    }
    return patches;
  }
}
