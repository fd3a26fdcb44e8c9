package dev.facet.telemetry.application;

import dev.facet.telemetry.domain.tuner.PolicyKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Policies to look at again soon. However many batches come in between two rounds, a policy waits
 * here once. What is lost with the process is found by {@link PolicyStore#unsettled()}.
 */
@ApplicationScoped
public class TuningQueue {
  private final Set<PolicyKey> waiting = ConcurrentHashMap.newKeySet();

  public void add(PolicyKey key) {
    waiting.add(key);
  }

  /** Takes all that wait; a key added meanwhile stays for the next round. */
  List<PolicyKey> drain() {
    return List.copyOf(waiting).stream().filter(waiting::remove).toList();
  }
}
