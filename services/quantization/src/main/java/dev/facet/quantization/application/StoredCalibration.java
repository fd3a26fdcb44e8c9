package dev.facet.quantization.application;

import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.domain.calibration.Calibration;
import dev.facet.quantization.domain.importing.ImportStep;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.ladder.TensorGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What calibration has seen, as blobs for workers on other hosts. They serve one import only: each
 * begins with the import's id, so that two imports of one model share none and either can remove
 * its own. Calls block.
 */
@ApplicationScoped
class StoredCalibration {
  private static final int SALT = 2 * Long.BYTES;

  private final BlobStore blobs;

  StoredCalibration(BlobStore blobs) {
    this.blobs = blobs;
  }

  /** Stores what was seen of one tensor group. */
  BlobRef put(UUID importId, Calibration seen) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      bytes.write(salt(importId));
      seen.save(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return blobs.put(bytes.toByteArray());
  }

  private static byte[] salt(UUID importId) {
    return ByteBuffer.allocate(SALT)
        .putLong(importId.getMostSignificantBits())
        .putLong(importId.getLeastSignificantBits())
        .array();
  }

  /** What all shares of the text have shown of a group, summed in the order of the shares. */
  Calibration of(TensorGroup group, StepResults earlier, Workers workers) {
    List<Calibration> shares = new ArrayList<>();
    for (Observation share : earlier.all(ImportStep.OBSERVATION, Observation.class)) {
      shares.add(read(share.seen().get(group.id()).sha256(), workers));
    }
    return Calibration.sum(shares, workers);
  }

  private Calibration read(String sha256, Workers workers) {
    byte[] bytes = blobs.read(sha256);
    try {
      return Calibration.load(new ByteArrayInputStream(bytes, SALT, bytes.length - SALT), workers);
    } catch (IOException e) {
      throw new UncheckedIOException("blob " + sha256 + " is no calibration", e);
    }
  }

  /** Removes what an import has stored; what is gone already stays so. */
  void removeAll(StepResults results) {
    results
        .all(ImportStep.OBSERVATION, Observation.class)
        .forEach(share -> share.seen().values().forEach(ref -> blobs.remove(ref.sha256())));
  }
}
