package dev.facet.quantization.domain.codec;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.facet.quantization.domain.kernel.ScalarQuantizationKernel;
import dev.facet.quantization.domain.kernel.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes the vectors that the readers of all languages are checked against. Run its {@code main}
 * from the module's folder after a deliberate change of the format.
 */
final class GoldenVectors {
  static final Path FILE = Path.of("../../shared-kernel/src/test/resources/golden/codec-v1.json");

  private static final List<Case> CASES =
      List.of(
          new Case("two-segments-anchor-4", 105, 172, new CodeSettings(4, 0.037f, 0.03f), 64),
          new Case("zero-row-anchor-2", 5, 32, new CodeSettings(2, 0.075f, 0), 5),
          new Case("negative-shift-anchor-3", 3, 33, new CodeSettings(3, -0.043f, 0.05f), 3),
          new Case("no-shift-anchor-6", 9, 70, new CodeSettings(6, 0, 0), 4),
          new Case("anchor-8", 4, 64, new CodeSettings(8, 0, 0), 4));

  private record Case(String name, int rows, int cols, CodeSettings settings, int cut) {}

  private final ObjectMapper json = new ObjectMapper();

  public static void main(String[] args) throws IOException {
    Files.createDirectories(FILE.getParent());
    Files.writeString(FILE, new GoldenVectors().text());
  }

  String text() throws IOException {
    ObjectNode root = json.createObjectNode();
    ArrayNode cases = root.putArray("cases");
    for (Case golden : CASES) {
      cases.add(render(golden));
    }
    return json.writeValueAsString(root) + "\n";
  }

  private ObjectNode render(Case golden) {
    SplittableRandom random = new SplittableRandom(golden.name().hashCode());
    float[] weights = weights(random, golden.rows(), golden.cols());
    EmbeddedMatrix matrix =
        new EmbeddedEncoder(new ScalarQuantizationKernel(), Workers.caller())
            .encode(weights, golden.rows(), golden.cols(), golden.settings());
    ObjectNode node = json.createObjectNode();
    node.put("name", golden.name()).put("rows", golden.rows()).put("cols", golden.cols());
    node.put("anchor", matrix.anchor()).put("shift", matrix.shift());
    segments(node.putArray("segments"), matrix, golden.cut());
    float[] activations = new float[golden.cols()];
    for (int i = 0; i < activations.length; i++) {
      activations[i] = (float) random.nextGaussian();
    }
    put(node.putArray("activations"), activations);
    ArrayNode depths = node.putArray("depths");
    ObjectNode products = json.createObjectNode();
    for (int k = 2; k <= matrix.anchor(); k++) {
      depths.add(depth(matrix, k));
      put(products.putArray(Integer.toString(k)), product(matrix, k, activations));
    }
    node.set("matvec", products);
    return node;
  }

  /** Weights of a model's size; in every fifth row from the third on all are zero. */
  private static float[] weights(SplittableRandom random, int rows, int cols) {
    float[] weights = new float[rows * cols];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i / cols % 5 == 2 ? 0 : (float) (random.nextGaussian() * 0.04);
    }
    return weights;
  }

  private void segments(ArrayNode into, EmbeddedMatrix matrix, int cut) {
    for (int depth = 2; depth <= matrix.anchor(); depth++) {
      for (int first = 0; first < matrix.rows(); first += cut) {
        int count = Math.min(cut, matrix.rows() - first);
        into.addObject()
            .put("depth", depth)
            .put("firstRow", first)
            .put("rowCount", count)
            .put("hex", HexFormat.of().formatHex(PlaneWriter.write(matrix, depth, first, count)));
      }
    }
  }

  private ObjectNode depth(EmbeddedMatrix matrix, int k) {
    int[] words = PackedMatrix.words(matrix, k);
    ByteBuffer packed = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    packed.asIntBuffer().put(words);
    ObjectNode node = json.createObjectNode();
    node.put("depth", k);
    put(node.putArray("values"), decoded(matrix, k));
    node.put("packedHex", HexFormat.of().formatHex(packed.array()));
    node.put("scaleHex", HexFormat.of().formatHex(PackedMatrix.scaleBytes(matrix)));
    put(node.putArray("rowScales"), PackedMatrix.rowScales(matrix, k));
    return node;
  }

  private static float[] decoded(EmbeddedMatrix matrix, int k) {
    float[] values = new float[matrix.rows() * matrix.cols()];
    matrix.decode(k, 0, matrix.rows(), values, 0);
    return values;
  }

  private static float[] product(EmbeddedMatrix matrix, int k, float[] activations) {
    float[] values = decoded(matrix, k);
    float[] product = new float[matrix.rows()];
    for (int row = 0; row < product.length; row++) {
      double sum = 0;
      for (int col = 0; col < activations.length; col++) {
        sum += (double) values[row * activations.length + col] * activations[col];
      }
      product[row] = (float) sum;
    }
    return product;
  }

  private static void put(ArrayNode into, float[] values) {
    for (float value : values) {
      into.add(value);
    }
  }
}
