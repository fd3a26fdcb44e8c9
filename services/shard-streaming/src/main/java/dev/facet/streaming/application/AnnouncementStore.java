package dev.facet.streaming.application;

import io.smallrye.mutiny.Uni;

/** Remembers which kernel set was announced last. */
public interface AnnouncementStore {
  /**
   * Notes the revision in the open transaction; whether it is another than the one noted before.
   */
  Uni<Boolean> note(String revision);
}
