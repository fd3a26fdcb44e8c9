package dev.facet.quantization.domain.importing;

import dev.facet.kernel.identity.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One piece of an import's work and who holds it. Immutable; repositories store a step only if the
 * stored task still has the state and attempt the step was taken from.
 *
 * <p>{@code attempt} is the fencing token: it grows with each claim, so a worker whose lease was
 * taken over cannot store its result. Clocks only decide when a task is tried again, never which
 * result counts.
 *
 * @param cost its share of the import's work, in about milliseconds of one core
 * @param attempt claims so far
 * @param worker who claimed it last; null at first
 * @param leaseUntil when the last claim runs out; null at first
 * @param offeredAt when workers were last told of it; null while blocked
 */
public record ImportTask(
    UUID importId,
    ModelId model,
    TaskKey key,
    long cost,
    TaskState state,
    int attempt,
    String worker,
    Instant leaseUntil,
    Instant offeredAt) {

  /** A task that may be worked on at once. */
  public static ImportTask offered(
      UUID importId, ModelId model, TaskKey key, long cost, Instant now) {
    return new ImportTask(importId, model, key, cost, TaskState.OFFERED, 0, null, null, now);
  }

  /** A task that waits for others. */
  public static ImportTask blocked(UUID importId, ModelId model, TaskKey key, long cost) {
    return new ImportTask(importId, model, key, cost, TaskState.BLOCKED, 0, null, null, null);
  }

  /** What it waited for is done. */
  public ImportTask unblock(Instant now) {
    if (state != TaskState.BLOCKED) {
      throw new IllegalStateException(key + " is " + state + ", not blocked");
    }
    return new ImportTask(
        importId, model, key, cost, TaskState.OFFERED, attempt, worker, leaseUntil, now);
  }

  /** The task in this worker's hands, or empty if it is done, blocked or held by another. */
  public Optional<ImportTask> claim(String by, Instant now, Duration lease) {
    if (state != TaskState.OFFERED && !abandoned(now)) {
      return Optional.empty();
    }
    return Optional.of(
        new ImportTask(
            importId,
            model,
            key,
            cost,
            TaskState.LEASED,
            attempt + 1,
            by,
            now.plus(lease),
            offeredAt));
  }

  /** The same claim with another end: later while work goes on, sooner when it is given up. */
  public ImportTask leasedUntil(Instant end) {
    requireLeased();
    return new ImportTask(importId, model, key, cost, state, attempt, worker, end, offeredAt);
  }

  /** Its result is stored. */
  public ImportTask finish() {
    requireLeased();
    return new ImportTask(
        importId, model, key, cost, TaskState.DONE, attempt, worker, leaseUntil, offeredAt);
  }

  /** Whether a worker held it and let its lease run out. */
  public boolean abandoned(Instant now) {
    return state == TaskState.LEASED && !leaseUntil.isAfter(now);
  }

  /** Whether its lease ran out and workers have not been told since. */
  public boolean needsNewOffer(Instant now) {
    return abandoned(now) && offeredAt.isBefore(leaseUntil);
  }

  /** Whether it can be had and nobody took it for so long that the event must be thought lost. */
  public boolean overlooked(Instant now, Duration patience) {
    return (state == TaskState.OFFERED || abandoned(now)) && offeredAt.plus(patience).isBefore(now);
  }

  /** Workers have been told again. A holder that is only slow may still store its result. */
  public ImportTask offeredAgain(Instant now) {
    return new ImportTask(importId, model, key, cost, state, attempt, worker, leaseUntil, now);
  }

  private void requireLeased() {
    if (state != TaskState.LEASED) {
      throw new IllegalStateException(key + " is " + state + ", not leased");
    }
  }
}
