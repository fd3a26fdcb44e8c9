package dev.facet.telemetry.adapter.persistence;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.ladder.Point;
import dev.facet.telemetry.application.Catalogue;
import dev.facet.telemetry.domain.tuner.Rung;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny.Session;

/** Models and their points, replaced as a whole by each publication. */
@ApplicationScoped
class SqlCatalogue implements Catalogue {
  private static final String ADD_POINT =
      "insert into catalogue_point (model, point, ladder, bytes, mean_kl) values (?1, ?2, ?3, ?4, ?5)";
  private static final String FIND_POINTS =
      "select point, bytes, mean_kl from catalogue_point where model = ?1 and ladder = ?2";

  @Override
  public Uni<Void> publish(ModelPublished published) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .find(
                        CatalogueModelEntity.class,
                        published.model(),
                        LockModeType.PESSIMISTIC_WRITE)
                    .chain(known -> store(session, known, published)));
  }

  private static Uni<Void> store(
      Session session, CatalogueModelEntity known, ModelPublished published) {
    if (known != null && known.publishedAt.isAfter(published.publishedAt())) {
      return Uni.createFrom().voidItem();
    }
    CatalogueModelEntity model =
        known == null ? new CatalogueModelEntity(published.model()) : known;
    if (!published.revision().equals(model.revision)) {
      model.revision = published.revision();
      model.revisedAt = published.publishedAt();
    }
    model.publishedAt = published.publishedAt();
    return session
        .persist(model)
        .chain(session::flush)
        .chain(() -> replacePoints(session, published));
  }

  private static Uni<Void> replacePoints(Session session, ModelPublished published) {
    return delete(session, "delete from catalogue_point where model = ?1", published.model())
        .chain(
            () ->
                Multi.createFrom()
                    .iterable(published.points())
                    .onItem()
                    .transformToUniAndConcatenate(
                        point -> addPoint(session, published.model(), point))
                    .collect()
                    .last())
        .replaceWithVoid();
  }

  private static Uni<Integer> addPoint(Session session, String model, Point point) {
    Double meanKl = point.quality() == null ? null : point.quality().meanKl();
    return session
        .createNativeQuery(ADD_POINT)
        .setParameter(1, model)
        .setParameter(2, point.id())
        .setParameter(3, point.ladder())
        .setParameter(4, point.bytes())
        .setParameter(5, meanKl)
        .executeUpdate();
  }

  @Override
  public Uni<Void> withdraw(String model, Instant withdrawnAt) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .find(CatalogueModelEntity.class, model)
                    .chain(
                        known ->
                            known == null || known.publishedAt.isAfter(withdrawnAt)
                                ? Uni.createFrom().voidItem()
                                : remove(session, model)));
  }

  private static Uni<Void> remove(Session session, String model) {
    return delete(session, "delete from policy where model = ?1", model)
        .chain(() -> delete(session, "delete from session_window where model = ?1", model))
        .chain(() -> delete(session, "delete from catalogue_model where model = ?1", model))
        .replaceWithVoid();
  }

  private static Uni<Integer> delete(Session session, String statement, String model) {
    return session.createNativeQuery(statement).setParameter(1, model).executeUpdate();
  }

  @Override
  public Uni<Optional<Model>> find(String model, String ladder) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .find(CatalogueModelEntity.class, model)
                    .chain(
                        known ->
                            known == null
                                ? Uni.createFrom().item(Optional.empty())
                                : rungs(session, model, ladder)
                                    .map(rungs -> Optional.of(new Model(known.revisedAt, rungs)))));
  }

  private static Uni<List<Rung>> rungs(Session session, String model, String ladder) {
    return session
        .createNativeQuery(FIND_POINTS, Object[].class)
        .setParameter(1, model)
        .setParameter(2, ladder)
        .getResultList()
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Rung(
                                (String) row[0],
                                ((Number) row[1]).longValue(),
                                row[2] == null ? null : ((Number) row[2]).doubleValue()))
                    .toList());
  }
}
