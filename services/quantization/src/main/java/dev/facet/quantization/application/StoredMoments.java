package dev.facet.quantization.application;

import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.domain.calibration.Hessian;
import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.ladder.TensorGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Moments of layers' inputs as blobs, for workers on other hosts. They serve one import only: each
 * begins with the import's id, so that two imports of one model share none and either can remove
 * its own. Calls block.
 */
@ApplicationScoped
class StoredMoments {
  /** Import id, tokens, inputs. */
  private static final int HEADER = 16 + 8 + 8;

  private final BlobStore blobs;

  StoredMoments(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * Stores the moments of one share; tensors that share inputs share a blob.
   *
   * @param moments by the name of the tensor
   */
  Map<String, BlobRef> put(UUID importId, Map<String, Hessian> moments) {
    Map<Hessian, BlobRef> stored = new IdentityHashMap<>();
    Map<String, BlobRef> refs = new HashMap<>();
    moments.forEach(
        (tensor, hessian) ->
            refs.put(tensor, stored.computeIfAbsent(hessian, h -> blobs.put(bytes(importId, h)))));
    return refs;
  }

  private static byte[] bytes(UUID importId, Hessian hessian) {
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER + Math.multiplyExact(Float.BYTES, hessian.written()))
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(importId.getMostSignificantBits())
            .putLong(importId.getLeastSignificantBits())
            .putLong(hessian.tokens())
            .putLong(hessian.size());
    hessian.write(bytes.asFloatBuffer());
    return bytes.array();
  }

  /** Moments of a group's tensors over all shares, summed in the order of the shares. */
  Map<String, Hessian> of(TensorGroup group, StepResults earlier) {
    Collection<Observation> shares = earlier.all(ImportStep.OBSERVATION, Observation.class);
    Map<List<String>, Hessian> sums = new HashMap<>();
    Map<String, Hessian> moments = new HashMap<>();
    for (TensorSpec tensor : group.tensors()) {
      List<String> stored =
          shares.stream().map(share -> share.moments().get(tensor.name()).sha256()).toList();
      moments.put(tensor.name(), sums.computeIfAbsent(stored, s -> sum(tensor.cols(), s)));
    }
    return moments;
  }

  private Hessian sum(int size, List<String> stored) {
    Hessian sum = new Hessian(size);
    stored.forEach(sha256 -> add(blobs.read(sha256), sum));
    return sum;
  }

  private static void add(byte[] blob, Hessian sum) {
    ByteBuffer bytes = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    long tokens = bytes.getLong(16);
    sum.addWritten(
        bytes.position(HEADER).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer(), tokens);
  }

  /** Removes what an import has stored; what is gone already stays so. */
  void removeAll(StepResults results) {
    results
        .all(ImportStep.OBSERVATION, Observation.class)
        .forEach(share -> share.moments().values().forEach(ref -> blobs.remove(ref.sha256())));
  }
}
