package dev.facet.quantization.domain.ladder;

import dev.facet.kernel.ladder.LadderShard;
import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Segment;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.codec.CodeSettings;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.codec.PlaneWriter;
import dev.facet.quantization.domain.codec.UnencodableWeightException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Codes tensor groups and cuts them in shards. A group's shards depend on its weights, its anchor
 * and the encoder only, so a group coded again, by whomever, gives the same digests.
 */
public final class LadderEncoder {
  /** Weights coded at a time: what one group needs of memory, whatever its size. */
  private static final int BLOCK_WEIGHTS = 1 << 22;

  private final WeightSource weights;
  private final MatrixEncoder encoder;

  public LadderEncoder(WeightSource weights, MatrixEncoder encoder) {
    this.weights = weights;
    this.encoder = encoder;
  }

  /** Codes a group as the ladder asks. */
  public EncodedGroup encode(LadderSpec ladder, TensorGroup group, ShardSink sink) {
    return encode(ladder.name(), group, ladder.anchor(group), sink);
  }

  /**
   * @param anchor depth to store the group to; 0 for float32
   */
  public EncodedGroup encode(String ladder, TensorGroup group, int anchor, ShardSink sink) {
    Map<String, List<Segment>> segments = new LinkedHashMap<>();
    group.tensors().forEach(tensor -> segments.put(tensor.name(), new ArrayList<>()));
    CodeSettings settings = anchor == 0 ? null : CodeSettings.forAnchor(anchor);
    List<ShardWriter> writers = new ArrayList<>();
    for (int depth = firstDepth(anchor); depth <= anchor; depth++) {
      writers.add(new ShardWriter(group.id(), depth, sink, segments));
    }
    group.tensors().forEach(tensor -> write(tensor, settings, writers));
    List<LadderShard> shards = new ArrayList<>();
    writers.forEach(writer -> shards.addAll(writer.finish()));
    List<LadderTensor> tensors =
        group.tensors().stream()
            .map(tensor -> describe(tensor, group, settings, segments.get(tensor.name())))
            .toList();
    return new EncodedGroup(ladder, group.id(), tensors, shards);
  }

  /**
   * Bytes of a group's planes, known without coding it.
   *
   * @param anchor depth it is stored to; 0 for float32
   * @param depth to which planes are counted
   */
  public static long bytes(TensorGroup group, int anchor, int depth) {
    long bytes = 0;
    for (TensorSpec tensor : group.tensors()) {
      int blockRows = Math.max(1, BLOCK_WEIGHTS / tensor.cols());
      for (int first = 0; first < tensor.rows(); first += blockRows) {
        int rows = Math.min(blockRows, tensor.rows() - first);
        bytes += anchor == 0 ? 4L * rows * tensor.cols() : bytes(tensor, rows, anchor, depth);
      }
    }
    return bytes;
  }

  private static long bytes(TensorSpec tensor, int rows, int anchor, int depth) {
    long bytes = 0;
    for (int d = CodeSettings.MIN_DEPTH; d <= depth; d++) {
      bytes += PlaneWriter.segmentBytes(d, anchor, rows, tensor.cols());
    }
    return bytes;
  }

  private static int firstDepth(int anchor) {
    return anchor == 0 ? 0 : CodeSettings.MIN_DEPTH;
  }

  private void write(TensorSpec tensor, CodeSettings settings, List<ShardWriter> writers) {
    int blockRows = Math.max(1, BLOCK_WEIGHTS / tensor.cols());
    for (int first = 0; first < tensor.rows(); first += blockRows) {
      int rows = Math.min(blockRows, tensor.rows() - first);
      float[] values = new float[Math.multiplyExact(rows, tensor.cols())];
      weights.read(tensor, first, rows, values, 0);
      if (settings == null) {
        writers.get(0).add(tensor.name(), first, rows, littleEndian(values));
      } else {
        writePlanes(tensor, first, encode(tensor, first, values, rows, settings), writers);
      }
    }
  }

  private EmbeddedMatrix encode(
      TensorSpec tensor, int firstRow, float[] values, int rows, CodeSettings settings) {
    try {
      return encoder.encode(tensor, values, rows, settings);
    } catch (UnencodableWeightException e) {
      throw new UnencodableTensor(tensor.name(), firstRow + e.row(), e.col());
    }
  }

  private static void writePlanes(
      TensorSpec tensor, int firstRow, EmbeddedMatrix matrix, List<ShardWriter> writers) {
    for (int plane = 0; plane < writers.size(); plane++) {
      byte[] segment = PlaneWriter.write(matrix, CodeSettings.MIN_DEPTH + plane, 0, matrix.rows());
      writers.get(plane).add(tensor.name(), firstRow, matrix.rows(), segment);
    }
  }

  private static byte[] littleEndian(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(4, values.length)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static LadderTensor describe(
      TensorSpec tensor, TensorGroup group, CodeSettings settings, List<Segment> segments) {
    return new LadderTensor(
        tensor.name(),
        group.id(),
        tensor.rows(),
        tensor.cols(),
        settings == null ? LadderTensor.F32 : LadderTensor.EMBEDDED,
        settings == null ? 0 : settings.anchor(),
        settings == null ? 0 : settings.shift(),
        List.copyOf(segments));
  }
}
