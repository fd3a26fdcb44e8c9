package dev.facet.quantization.domain.ladder;

import dev.facet.kernel.ladder.LadderTensor;
import dev.facet.kernel.ladder.Segment;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.checkpoint.WeightSource;
import dev.facet.quantization.domain.codec.EmbeddedMatrix;
import dev.facet.quantization.domain.codec.PlaneReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads a stored ladder back from its shards. Tensors are held one byte a weight while memory
 * allows and are shared by all cuts. Safe for use by several threads.
 */
public final class LadderReader {
  /** Weights held: a byte each, an eighth of the heap. */
  private static final long ROOM = Runtime.getRuntime().maxMemory() / 8;

  private final Map<String, LadderTensor> tensors = new HashMap<>();
  private final ShardSource shards;
  private final RecentMatrices coded = new RecentMatrices(ROOM);
  private final Map<String, float[]> dense = new ConcurrentHashMap<>();

  public LadderReader(List<EncodedGroup> groups, ShardSource shards) {
    groups.forEach(group -> group.tensors().forEach(t -> tensors.put(t.name(), t)));
    this.shards = shards;
  }

  /**
   * The weights that a plan with this cut computes with.
   *
   * @param depths depth of each tensor group
   */
  public WeightSource cut(Map<String, Integer> depths) {
    return (tensor, firstRow, rowCount, target, offset) ->
        read(tensor, depths, firstRow, rowCount, target, offset);
  }

  private void read(
      TensorSpec spec,
      Map<String, Integer> depths,
      int firstRow,
      int rowCount,
      float[] target,
      int offset) {
    LadderTensor tensor = tensors.get(spec.name());
    if (tensor.encoding().equals(LadderTensor.F32)) {
      float[] values = dense.computeIfAbsent(tensor.name(), name -> readDense(tensor));
      System.arraycopy(values, firstRow * tensor.cols(), target, offset, rowCount * tensor.cols());
    } else {
      matrix(tensor).decode(depths.get(tensor.group()), firstRow, rowCount, target, offset);
    }
  }

  private EmbeddedMatrix matrix(LadderTensor tensor) {
    EmbeddedMatrix matrix = coded.get(tensor.name());
    if (matrix != null) {
      return matrix;
    }
    synchronized (tensor) {
      matrix = coded.get(tensor.name());
      if (matrix == null) {
        matrix = readPlanes(tensor);
        coded.put(tensor.name(), matrix);
      }
      return matrix;
    }
  }

  private EmbeddedMatrix readPlanes(LadderTensor tensor) {
    PlaneReader reader =
        new PlaneReader(
            tensor.rows(), tensor.cols(), tensor.anchor(), tensor.anchor(), tensor.shift());
    for (Segment segment : tensor.segments()) {
      reader.add(segment.depth(), segment.firstRow(), segment.rowCount(), bytes(segment));
    }
    return reader.matrix();
  }

  private float[] readDense(LadderTensor tensor) {
    float[] values = new float[Math.multiplyExact(tensor.rows(), tensor.cols())];
    for (Segment segment : tensor.segments()) {
      FloatBuffer floats = bytes(segment).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      floats.get(values, segment.firstRow() * tensor.cols(), segment.rowCount() * tensor.cols());
    }
    return values;
  }

  private ByteBuffer bytes(Segment segment) {
    return ByteBuffer.wrap(
        shards.read(segment.shard()),
        Math.toIntExact(segment.offset()),
        Math.toIntExact(segment.bytes()));
  }
}
