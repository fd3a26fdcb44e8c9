package dev.facet.local.mesh;

import dev.facet.local.process.ProcessRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What a running mesh tells other commands, and what is left of one that was killed.
 *
 * @param launcher the process that started and supervises the others
 * @param url the one origin
 * @param ready whether a browser can use it
 * @param startedAt when the launcher began
 * @param models where models are looked up by name
 * @param processes in the order in which they were started
 */
public record MeshState(
    ProcessRecord launcher,
    String url,
    boolean ready,
    Instant startedAt,
    Path models,
    List<ProcessRecord> processes) {

  /** Whether the launcher still runs. */
  public boolean running() {
    return launcher.find().isPresent();
  }
}
