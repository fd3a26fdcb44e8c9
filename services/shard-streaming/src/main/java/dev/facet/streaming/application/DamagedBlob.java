package dev.facet.streaming.application;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/** A stored blob is not what its name says; it is not served. */
public final class DamagedBlob extends DomainProblem {
  public DamagedBlob(Digest blob, String what) {
    super(
        "damaged-blob",
        500,
        "A stored blob is damaged",
        "Blob %s %s.".formatted(blob, what),
        Map.of("sha256", blob.hex()));
  }
}
