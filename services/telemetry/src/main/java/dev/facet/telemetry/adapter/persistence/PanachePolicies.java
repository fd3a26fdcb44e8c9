package dev.facet.telemetry.adapter.persistence;

import dev.facet.telemetry.application.PolicyStore;
import dev.facet.telemetry.domain.tuner.Policy;
import dev.facet.telemetry.domain.tuner.PolicyKey;
import dev.facet.telemetry.domain.tuner.Vote;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Policies and their history. */
@ApplicationScoped
class PanachePolicies implements PolicyStore, PanacheRepositoryBase<PolicyEntity, String> {
  private static final int HISTORY = 50;
  private static final int VOTES = 2000;
  private static final String CREATE =
      """
      insert into policy (id, model, device_class, point, default_point, target_ms, reason,
        decided_at, evaluated_at)
      values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) on conflict do nothing""";
  private static final String HISTORY_OF =
      "from PolicyChangeEntity where policyId = ?1 order by at desc, id desc";
  private static final String VOTES_OF =
      """
      select session, point, vote_ms, last_at from (
        select distinct on (session, point) session, point, vote_ms, last_at
        from session_window
        where model = ?1 and device_class = ?2 and vote_ms is not null and last_at > ?3
        order by session, point, window_start desc) latest
      order by last_at desc limit ?4""";
  private static final String UNSETTLED =
      """
      select distinct s.model, s.device_class
      from session_window s left join policy p using (model, device_class)
      where s.vote_ms is not null
        and (p.id is null or s.recorded_at > p.evaluated_at - interval '1 minute')""";
  private static final String KEYS_OF =
      """
      select model, device_class from policy where model = ?1
      union select model, device_class from session_window where model = ?1 and vote_ms is not null""";

  @Override
  public Uni<Policy> lock(Policy initial) {
    return create(initial)
        .chain(() -> findById(initial.key().toString(), LockModeType.PESSIMISTIC_WRITE))
        .chain(this::withHistory);
  }

  private static Uni<Integer> create(Policy policy) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(CREATE)
                    .setParameter(1, policy.key().toString())
                    .setParameter(2, policy.key().model())
                    .setParameter(3, policy.key().deviceClass())
                    .setParameter(4, policy.point())
                    .setParameter(5, policy.defaultPoint())
                    .setParameter(6, policy.targetMsPerToken())
                    .setParameter(7, policy.reason())
                    .setParameter(8, policy.decidedAt())
                    .executeUpdate());
  }

  @Override
  public Uni<Void> save(Policy policy, boolean changed) {
    String id = policy.key().toString();
    Uni<Void> saved = findById(id).invoke(entity -> entity.take(policy)).replaceWithVoid();
    if (!changed) {
      return saved;
    }
    PolicyChangeEntity change =
        new PolicyChangeEntity(id, policy.history().get(0), policy.targetMsPerToken());
    return saved.chain(Panache::getSession).chain(session -> session.persist(change));
  }

  @Override
  public Uni<Optional<Policy>> find(PolicyKey key) {
    return findById(key.toString())
        .chain(
            entity ->
                entity == null
                    ? Uni.createFrom().item(Optional.empty())
                    : withHistory(entity).map(Optional::of));
  }

  @Override
  public Uni<Boolean> exists(PolicyKey key) {
    return count("id", key.toString()).map(found -> found > 0);
  }

  @Override
  public Uni<List<Policy>> all() {
    return listAll(Sort.by("model").and("deviceClass"))
        .chain(
            entities ->
                Multi.createFrom()
                    .iterable(entities)
                    .onItem()
                    .transformToUniAndConcatenate(this::withHistory)
                    .collect()
                    .asList());
  }

  private Uni<Policy> withHistory(PolicyEntity entity) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(HISTORY_OF, PolicyChangeEntity.class)
                    .setParameter(1, entity.id)
                    .setMaxResults(HISTORY)
                    .getResultList())
        .map(changes -> entity.policy(changes.stream().map(PolicyChangeEntity::change).toList()));
  }

  @Override
  public Uni<List<Vote>> votes(PolicyKey key, Instant since) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(VOTES_OF, Object[].class)
                    .setParameter(1, key.model())
                    .setParameter(2, key.deviceClass())
                    .setParameter(3, since)
                    .setParameter(4, VOTES)
                    .getResultList())
        .map(rows -> rows.stream().map(PanachePolicies::vote).toList());
  }

  private static Vote vote(Object[] row) {
    Instant at = ((OffsetDateTime) row[3]).toInstant();
    return new Vote((String) row[0], (String) row[1], ((Number) row[2]).doubleValue(), at);
  }

  @Override
  public Uni<List<PolicyKey>> unsettled() {
    return Panache.getSession()
        .chain(session -> session.createNativeQuery(UNSETTLED, Object[].class).getResultList())
        .map(PanachePolicies::keys);
  }

  @Override
  public Uni<List<PolicyKey>> keysOf(String model) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(KEYS_OF, Object[].class)
                    .setParameter(1, model)
                    .getResultList())
        .map(PanachePolicies::keys);
  }

  private static List<PolicyKey> keys(List<Object[]> rows) {
    return rows.stream().map(row -> new PolicyKey((String) row[0], (String) row[1])).toList();
  }
}
