package dev.facet.capability.adapter.persistence;

import dev.facet.capability.application.PlanStore;
import dev.facet.capability.domain.plan.Plan;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Plans in table {@code plan}. */
@ApplicationScoped
class PanachePlanStore implements PlanStore, PanacheRepositoryBase<PlanEntity, UUID> {
  private static final String ADD =
      "insert into plan (id, profile, model, bundle, document)"
          + " values (?1, ?2, ?3, ?4, cast(cast(?5 as text) as jsonb)) on conflict do nothing";

  private final JsonDocuments json;

  PanachePlanStore(JsonDocuments json) {
    this.json = json;
  }

  @Override
  @WithTransaction
  public Uni<Void> add(Plan plan) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(ADD)
                    .setParameter(1, UUID.fromString(plan.plan()))
                    .setParameter(2, UUID.fromString(plan.profile()))
                    .setParameter(3, plan.model())
                    .setParameter(4, plan.bundle())
                    .setParameter(5, json.write(plan))
                    .executeUpdate())
        .replaceWithVoid();
  }

  @Override
  @WithSession
  public Uni<Optional<Plan>> find(UUID plan) {
    return findById(plan)
        .map(row -> Optional.ofNullable(row).map(found -> json.read(found.document, Plan.class)));
  }
}
