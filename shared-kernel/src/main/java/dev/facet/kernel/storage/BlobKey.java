package dev.facet.kernel.storage;

import dev.facet.kernel.identity.Digest;

/** The name of a blob's object: {@code <first two digits>/<64 digits>}, as in a folder. */
public final class BlobKey {
  private static final int FAN_OUT = 2;

  private BlobKey() {}

  /** The key under which every service finds the blob. */
  public static String of(Digest blob) {
    return blob.hex().substring(0, FAN_OUT) + '/' + blob.hex();
  }
}
