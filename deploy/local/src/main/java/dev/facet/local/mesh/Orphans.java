package dev.facet.local.mesh;

import dev.facet.local.process.ProcessRecord;
import dev.facet.local.process.Termination;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Processes that outlived a launcher which was killed. */
public final class Orphans {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final DataDirectory data;

  public Orphans(DataDirectory data) {
    this.data = data;
  }

  /**
   * Ends what is left of an earlier mesh, unless a living launcher uses the data.
   *
   * @return names of the parts whose processes were ended
   */
  public List<String> endUnlessInUse() throws IOException {
    Optional<DataLock> lock = DataLock.take(data.lock());
    if (lock.isEmpty()) {
      return List.of();
    }
    try (DataLock held = lock.get()) {
      return end(held);
    }
  }

  /**
   * Ends what is left of an earlier mesh on this data, the last started first.
   *
   * @param held the lock on the data, so that no living launcher is concerned
   * @return names of the parts whose processes were ended
   */
  List<String> end(DataLock held) throws IOException {
    StateFile file = new StateFile(data.state());
    Optional<MeshState> left = file.read();
    List<String> ended = new ArrayList<>();
    if (left.isPresent()) {
      List<ProcessRecord> latestFirst = new ArrayList<>(left.get().processes());
      Collections.reverse(latestFirst);
      latestFirst.stream().filter(Orphans::end).forEach(orphan -> ended.add(orphan.name()));
    }
    if (new Cluster(data.postgresql()).endOrphan()) {
      ended.add("postgresql");
    }
    file.delete();
    return ended;
  }

  private static boolean end(ProcessRecord orphan) {
    if (orphan.name().equals(DatabasePart.NAME)) {
      return orphan.find().map(p -> Termination.interrupt(p, PATIENCE)).orElse(false);
    }
    return orphan.find().map(p -> Termination.end(p, PATIENCE)).orElse(false);
  }
}
