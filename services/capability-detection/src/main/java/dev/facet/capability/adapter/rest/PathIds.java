package dev.facet.capability.adapter.rest;

import dev.facet.kernel.problem.NotFound;
import java.util.UUID;

/** Ids in paths: what is not even of an id's form names nothing here. */
final class PathIds {
  private static final int LENGTH = 36;

  private PathIds() {}

  static UUID uuid(String kind, String text) {
    try {
      if (text.length() == LENGTH) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException e) {
      throw new NotFound(kind, text);
    }
    throw new NotFound(kind, text.length() > LENGTH ? text.substring(0, LENGTH) + '…' : text);
  }
}
