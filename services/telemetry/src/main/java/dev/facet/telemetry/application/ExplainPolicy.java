package dev.facet.telemetry.application;

import dev.facet.telemetry.config.TunerConfig;
import dev.facet.telemetry.domain.tuner.ChoiceLadder;
import dev.facet.telemetry.domain.tuner.Evidence;
import dev.facet.telemetry.domain.tuner.Policy;
import dev.facet.telemetry.domain.tuner.PolicyKey;
import dev.facet.telemetry.domain.tuner.Standing;
import dev.facet.telemetry.domain.tuner.Vote;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Shows what the tuner prefers, what it has seen and what holds it back. */
@ApplicationScoped
public class ExplainPolicy {
  /**
   * What bounds a policy.
   *
   * @param sessionsToStepUp fresh sessions that the next step up needs
   */
  public record GuardRails(
      int minSessions,
      int recentSessions,
      double stepUpMargin,
      int sessionsToStepUp,
      double maxMeanKl,
      List<Choice> points) {}

  /** A point and whether the tuner may choose it. */
  public record Choice(String id, long bytes, Double meanKl, boolean allowed) {}

  /**
   * A policy in full.
   *
   * @param guardRails null while the model has no point that may be chosen
   * @param measured evidence of each point with fresh sessions
   */
  public record Explanation(Policy policy, GuardRails guardRails, List<Evidence> measured) {}

  private final PolicyStore policies;
  private final Catalogue catalogue;
  private final TunerSettings settings;

  ExplainPolicy(PolicyStore policies, Catalogue catalogue, TunerSettings settings) {
    this.policies = policies;
    this.catalogue = catalogue;
    this.settings = settings;
  }

  public Uni<List<Policy>> all() {
    return Panache.withSession(policies::all);
  }

  /** Empty where nothing has been measured. */
  public Uni<Optional<Explanation>> find(PolicyKey key) {
    return Panache.withSession(
        () ->
            policies
                .find(key)
                .chain(
                    policy ->
                        policy.isEmpty()
                            ? Uni.createFrom().item(Optional.empty())
                            : explain(policy.get()).map(Optional::of)));
  }

  private Uni<Explanation> explain(Policy policy) {
    return catalogue
        .find(policy.key().model(), settings.config().ladder())
        .chain(
            model ->
                policies
                    .votes(policy.key(), settings.memoryFrom(Instant.now()))
                    .map(votes -> explain(policy, model, votes)));
  }

  private Explanation explain(Policy policy, Optional<Catalogue.Model> model, List<Vote> votes) {
    Optional<ChoiceLadder> ladder = model.flatMap(settings::ladder);
    if (ladder.isEmpty()) {
      return new Explanation(policy, null, List.of());
    }
    Standing standing = policy.standing(model.get().revisedAt());
    return new Explanation(
        policy,
        guardRails(ladder.get(), standing),
        settings.tuner().evidence(ladder.get(), standing, votes));
  }

  private GuardRails guardRails(ChoiceLadder ladder, Standing standing) {
    TunerConfig config = settings.config();
    List<Choice> choices =
        ladder.rungs().stream()
            .map(rung -> new Choice(rung.id(), rung.bytes(), rung.meanKl(), ladder.allows(rung)))
            .toList();
    return new GuardRails(
        config.minSessions(),
        config.recentSessions(),
        config.stepUpMargin(),
        settings.tuner().sessionsToStepUp(ladder, standing, Instant.now()),
        config.maxMeanKl(),
        choices);
  }
}
