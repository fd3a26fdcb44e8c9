package dev.facet.telemetry.domain.tuner;

import dev.facet.telemetry.domain.tuner.Decision.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Chooses the point of a model for a device class.
 *
 * <p>Decoding reads every weight once a token, so time a token grows at most in proportion to
 * bytes. The policy steps down as soon as the median of enough fresh sessions misses the target,
 * and up only when that proportion predicts the richer point to keep it with a margin. The gap
 * between the two thresholds keeps a steady fleet steady. Where the prediction proves wrong (the
 * policy went up and had to come down again) the next attempt needs twice as many sessions, and so
 * on.
 */
public final class PrecisionTuner {
  private static final int MAX_DOUBLINGS = 6;

  /** What one decision is about; fresh votes by point. */
  private record Case(
      ChoiceLadder ladder,
      Standing standing,
      Rung present,
      Map<String, List<Vote>> fresh,
      Instant now) {
    int sessions(Rung rung) {
      return fresh.getOrDefault(rung.id(), List.of()).size();
    }
  }

  private final TuningRules rules;

  public PrecisionTuner(TuningRules rules) {
    this.rules = rules;
  }

  /**
   * Decides from where a policy stands and what sessions say.
   *
   * @param votes one for each session and point, in any order; votes not after {@link
   *     Standing#freshSince()} are left out here
   */
  public Decision decide(ChoiceLadder ladder, Standing standing, List<Vote> votes, Instant now) {
    Optional<Rung> present = ladder.find(standing.point()).filter(ladder::allows);
    if (present.isEmpty()) {
      return replace(ladder, standing);
    }
    Case open = new Case(ladder, standing, present.get(), freshByPoint(standing, votes), now);
    return ladder.downFrom(open.present()).stream()
        .filter(rung -> open.sessions(rung) >= rules.minSessions())
        .findFirst()
        .map(measured -> judge(open, measured))
        .orElseGet(() -> waitForSessions(open));
  }

  /** Evidence of every point with fresh votes, for people to see. */
  public List<Evidence> evidence(ChoiceLadder ladder, Standing standing, List<Vote> votes) {
    Map<String, List<Vote>> fresh = freshByPoint(standing, votes);
    return ladder.rungs().stream()
        .filter(rung -> fresh.containsKey(rung.id()))
        .map(rung -> Evidence.of(fresh.get(rung.id()), rules.recentSessions()))
        .toList();
  }

  /** Fresh sessions that a step up from the present point needs. */
  public int sessionsToStepUp(ChoiceLadder ladder, Standing standing, Instant now) {
    return ladder
        .find(standing.point())
        .flatMap(ladder::above)
        .map(richer -> standing.failedSteps(richer.id(), now.minus(rules.memory())))
        .map(failed -> rules.minSessions() << Math.min(failed, MAX_DOUBLINGS))
        .orElse(rules.minSessions());
  }

  private Decision replace(ChoiceLadder ladder, Standing standing) {
    String next =
        ladder.find(standing.point()).flatMap(ladder::above).orElse(ladder.defaultRung()).id();
    return new Decision(
        Kind.REPLACE,
        next,
        null,
        "%s is no longer published or loses too much quality; the policy moves to %s."
            .formatted(standing.point(), next));
  }

  private Decision waitForSessions(Case open) {
    Rung present = open.present();
    int sessions = open.sessions(present);
    return keep(
        present,
        sessions == 0 ? null : evidence(open, present),
        "%d of the %d sessions needed to judge %s have been measured."
            .formatted(sessions, rules.minSessions(), present.id()));
  }

  private Decision judge(Case open, Rung measured) {
    Evidence evidence = evidence(open, measured);
    if (evidence.medianMsPerToken() > rules.targetMsPerToken()) {
      return stepDown(open, measured, evidence);
    }
    Optional<Rung> richer = open.ladder().above(open.present());
    if (richer.isEmpty() || !measured.equals(open.present())) {
      return keep(
          open.present(), evidence, found(evidence) + " and meets the target" + target() + ".");
    }
    return stepUp(open, richer.get(), evidence);
  }

  private Decision stepDown(Case open, Rung measured, Evidence evidence) {
    String missed = found(evidence) + " and misses the target" + target();
    String stuck = missed + ", but no point with fewer bits may be chosen.";
    return open.ladder()
        .below(measured)
        .map(
            poorer ->
                new Decision(
                    Kind.DOWN,
                    poorer.id(),
                    evidence,
                    "%s, so the next plans have fewer bits: %s.".formatted(missed, poorer.id())))
        .orElseGet(() -> keep(open.present(), evidence, stuck));
  }

  private Decision stepUp(Case open, Rung richer, Evidence evidence) {
    Rung present = open.present();
    int sessions = open.sessions(present);
    int needed = sessionsToStepUp(open.ladder(), open.standing(), open.now());
    double predicted = evidence.medianMsPerToken() * richer.bytes() / present.bytes();
    String prediction =
        "%s, which predicts %s at %s".formatted(found(evidence), ms(predicted), richer.id());
    double limit = rules.targetMsPerToken() * rules.stepUpMargin();
    if (predicted > limit) {
      return keep(
          present,
          evidence,
          "%s, above the %s that a step up needs.".formatted(prediction, ms(limit)));
    }
    if (sessions < needed) {
      return keep(
          present,
          evidence,
          "%s; after earlier steps up that failed, %d of %d sessions have confirmed it."
              .formatted(prediction, sessions, needed));
    }
    return new Decision(
        Kind.UP,
        richer.id(),
        evidence,
        "%s and keeps the target%s, so the next plans have more bits."
            .formatted(prediction, target()));
  }

  private Map<String, List<Vote>> freshByPoint(Standing standing, List<Vote> votes) {
    return votes.stream()
        .filter(vote -> vote.at().isAfter(standing.freshSince()))
        .collect(Collectors.groupingBy(Vote::point));
  }

  private Evidence evidence(Case open, Rung rung) {
    return Evidence.of(open.fresh().get(rung.id()), rules.recentSessions());
  }

  private static Decision keep(Rung present, Evidence evidence, String reason) {
    return new Decision(Kind.KEEP, present.id(), evidence, reason);
  }

  private static String found(Evidence evidence) {
    return "The median of %d %s at %s is %s a token"
        .formatted(
            evidence.sessions(),
            evidence.sessions() == 1 ? "session" : "sessions",
            evidence.point(),
            ms(evidence.medianMsPerToken()));
  }

  private String target() {
    return " of " + ms(rules.targetMsPerToken());
  }

  private static String ms(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f ms" : "%.1f ms", value);
  }
}
