package dev.facet.quantization.domain.transformer;

import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.TextEncoder;
import dev.facet.quantization.domain.checkpoint.TextEncoderTensors;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.kernel.MatrixKernel;
import dev.facet.quantization.domain.kernel.Workers;
import java.util.Arrays;

/** Turns texts to vectors. */
public final class TextEmbedder {
  private final TextEncoder description;
  private final TextEncoderTensors tensors;
  private final WeightSource weights;
  private final Encoder encoder;

  /**
   * @param config with an embedding component
   */
  public TextEmbedder(
      ArchitectureConfig config,
      TextEncoderTensors tensors,
      WeightSource weights,
      MatrixKernel kernel,
      Workers workers) {
    this.description = config.embedding();
    this.tensors = tensors;
    this.weights = weights;
    this.encoder = new Encoder(description.shape(), tensors.encoder(), weights, kernel, workers);
  }

  /**
   * @param tokens special ones included; those beyond the longest text are left out
   * @return {@code hiddenSize} values
   */
  public float[] embed(int[] tokens) {
    int[] kept = Arrays.copyOf(tokens, Math.min(tokens.length, description.maxTokens()));
    float[] hidden = hidden(kept);
    float[] pooled =
        description.pooling().equals(TextEncoder.MEAN)
            ? mean(hidden)
            : Arrays.copyOf(hidden, description.shape().hiddenSize());
    return description.normalized() ? normalized(pooled) : pooled;
  }

  /**
   * @return {@code tokens.length x hiddenSize}, after the last layer
   */
  public float[] hidden(int[] tokens) {
    int width = description.shape().hiddenSize();
    float[] stream = new float[tokens.length * width];
    float[] positions = new float[stream.length];
    weights.read(tensors.positions(), 0, tokens.length, positions, 0);
    float[] segment = weights.read(tensors.segment());
    for (int t = 0; t < tokens.length; t++) {
      weights.read(tensors.embedding(), tokens[t], 1, stream, t * width);
    }
    for (int i = 0; i < stream.length; i++) {
      stream[i] += positions[i] + segment[i % width];
    }
    return encoder.run(encoder.norm(tensors.norm(), stream));
  }

  private float[] mean(float[] hidden) {
    int width = description.shape().hiddenSize();
    float[] mean = new float[width];
    for (int i = 0; i < hidden.length; i++) {
      mean[i % width] += hidden[i] * width / hidden.length;
    }
    return mean;
  }

  private static float[] normalized(float[] vector) {
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    float[] normalized = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      normalized[i] = (float) (vector[i] / Math.sqrt(square));
    }
    return normalized;
  }
}
