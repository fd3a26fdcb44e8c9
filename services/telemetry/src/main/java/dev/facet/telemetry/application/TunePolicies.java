package dev.facet.telemetry.application;

import dev.facet.kernel.event.PrecisionPolicyChanged;
import dev.facet.kernel.outbox.Outbox;
import dev.facet.telemetry.domain.tuner.ChoiceLadder;
import dev.facet.telemetry.domain.tuner.Decision;
import dev.facet.telemetry.domain.tuner.Evidence;
import dev.facet.telemetry.domain.tuner.Policy;
import dev.facet.telemetry.domain.tuner.PolicyKey;
import dev.facet.telemetry.domain.tuner.Vote;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The policy loop. A decision, its row of history and its event are stored in one transaction that
 * holds the policy's lock; a replica that comes second sees the change and finds the votes stale.
 */
@ApplicationScoped
public class TunePolicies {
  private static final Logger LOG = Logger.getLogger(TunePolicies.class);

  private final Catalogue catalogue;
  private final PolicyStore policies;
  private final Outbox outbox;
  private final TuningQueue queue;
  private final TunerSettings settings;

  TunePolicies(
      Catalogue catalogue,
      PolicyStore policies,
      Outbox outbox,
      TuningQueue queue,
      TunerSettings settings) {
    this.catalogue = catalogue;
    this.policies = policies;
    this.outbox = outbox;
    this.queue = queue;
    this.settings = settings;
  }

  /** Looks at every policy that waits; one that fails waits for the next round. */
  public Uni<Void> round() {
    return Multi.createFrom()
        .iterable(queue.drain())
        .onItem()
        .transformToUniAndConcatenate(this::tuneOrWait)
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** Queues what another process or an earlier run has left unsettled. */
  public Uni<Void> sweep() {
    return Panache.withSession(policies::unsettled).invoke(this::enqueue).replaceWithVoid();
  }

  /** Queues all policies of a model. */
  Uni<Void> reconsider(String model) {
    return Panache.withSession(() -> policies.keysOf(model))
        .invoke(this::enqueue)
        .replaceWithVoid();
  }

  private void enqueue(List<PolicyKey> keys) {
    keys.forEach(queue::add);
  }

  private Uni<Void> tuneOrWait(PolicyKey key) {
    return tune(key)
        .onFailure()
        .invoke(
            failure -> {
              LOG.warnf("policy %s is looked at again: %s", key, failure.getMessage());
              queue.add(key);
            })
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> tune(PolicyKey key) {
    return Panache.withTransaction(
        () ->
            catalogue
                .find(key.model(), settings.config().ladder())
                .chain(
                    model ->
                        model.isEmpty() ? Uni.createFrom().voidItem() : tune(key, model.get())));
  }

  private Uni<Void> tune(PolicyKey key, Catalogue.Model model) {
    ChoiceLadder ladder = settings.ladder(model).orElse(null);
    if (ladder == null) {
      return Uni.createFrom().voidItem();
    }
    return hasSomethingToSay(key)
        .chain(
            worthwhile -> worthwhile ? underLock(key, model, ladder) : Uni.createFrom().voidItem());
  }

  private Uni<Boolean> hasSomethingToSay(PolicyKey key) {
    return policies
        .votes(key, settings.memoryFrom(Instant.now()))
        .chain(votes -> votes.isEmpty() ? policies.exists(key) : Uni.createFrom().item(true));
  }

  private Uni<Void> underLock(PolicyKey key, Catalogue.Model model, ChoiceLadder ladder) {
    Policy initial =
        Policy.initial(key, ladder.defaultRung().id(), settings.config().targetMsPerToken(), now());
    return policies
        .lock(initial)
        .chain(
            policy ->
                policies
                    .votes(key, settings.memoryFrom(Instant.now()))
                    .chain(votes -> decide(policy, model, ladder, votes)));
  }

  private Uni<Void> decide(
      Policy policy, Catalogue.Model model, ChoiceLadder ladder, List<Vote> votes) {
    Instant now = now();
    Decision decision =
        settings.tuner().decide(ladder, policy.standing(model.revisedAt()), votes, now);
    Policy next =
        policy.after(
            decision, ladder.defaultRung().id(), settings.config().targetMsPerToken(), now);
    Uni<Void> saved = policies.save(next, decision.changes());
    if (!decision.changes()) {
      return saved;
    }
    LOG.infof("policy %s: %s -> %s. %s", policy.key(), policy.point(), next.point(), next.reason());
    return saved.chain(() -> outbox.append(event(policy, next)));
  }

  private static PrecisionPolicyChanged event(Policy before, Policy after) {
    return new PrecisionPolicyChanged(
        after.key().model(),
        after.key().deviceClass(),
        after.point(),
        before.point(),
        after.reason(),
        evidence(after),
        after.decidedAt());
  }

  private static PrecisionPolicyChanged.Evidence evidence(Policy policy) {
    Evidence evidence = policy.evidence();
    return evidence == null
        ? null
        : new PrecisionPolicyChanged.Evidence(
            evidence.point(),
            evidence.sessions(),
            evidence.medianMsPerToken(),
            evidence.p95MsPerToken(),
            policy.targetMsPerToken());
  }

  /** To the microsecond, as PostgreSQL keeps it. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }
}
