package dev.facet.quantization.application;

import dev.facet.kernel.ladder.BlobRef;

/**
 * Immutable blobs named by their SHA-256. Calls block; they belong on worker threads.
 *
 * <p>Laws: a blob is there whole or not at all, also after a crash; what {@link #put} returned
 * stays until it is removed; putting the same bytes again changes nothing. A store that is
 * elsewhere and does not answer is {@link dev.facet.kernel.problem.Unavailable}.
 */
public interface BlobStore {
  /** Stores the bytes if they are not there yet. */
  BlobRef put(byte[] bytes);

  /**
   * @return the blob, checked against its name
   * @throws MissingBlob if there is none, or what is there has another digest
   */
  byte[] read(String sha256);

  /** Removes a blob that nobody else may know; one that is not there is no error. */
  void remove(String sha256);
}
