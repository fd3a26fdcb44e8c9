package dev.facet.streaming.adapter.persistence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import dev.facet.streaming.application.ModelSnapshot;
import dev.facet.streaming.application.ModelStore;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny.Session;

/** Revisions in table {@code published_model}; each change moves {@code publication_version} on. */
@ApplicationScoped
class ModelTables
    implements ModelStore, PanacheRepositoryBase<PublishedModelEntity, PublishedModelEntity.Key> {
  private static final String PUT =
      "insert into published_model (model, revision, published_at, document)"
          + " values (?1, ?2, ?3, cast(cast(?4 as text) as jsonb))"
          + " on conflict (model, revision) do update"
          + " set published_at = excluded.published_at, document = excluded.document"
          + " where published_model.published_at <= excluded.published_at";
  private static final String REMOVE =
      "delete from published_model where model = ?1 and published_at <= ?2";
  private static final String NEXT_VERSION = "update publication_version set version = version + 1";
  private static final String VERSION = "select version from publication_version";

  private final ObjectMapper json;

  ModelTables(ObjectMapper json) {
    this.json = json;
  }

  @Override
  public Uni<Void> put(ModelPublished model) {
    return write(PUT, model.model(), model.revision(), model.publishedAt(), document(model));
  }

  @Override
  public Uni<Void> remove(ModelWithdrawn model) {
    return write(REMOVE, model.model(), model.withdrawnAt());
  }

  private static Uni<Void> write(String sql, Object... values) {
    return Panache.getSession()
        .chain(
            session -> execute(session, sql, values).chain(rows -> execute(session, NEXT_VERSION)))
        .replaceWithVoid();
  }

  private static Uni<Integer> execute(Session session, String sql, Object... values) {
    var query = session.createNativeQuery(sql);
    for (int i = 0; i < values.length; i++) {
      query.setParameter(i + 1, values[i]);
    }
    return query.executeUpdate();
  }

  @Override
  public Uni<Long> version() {
    return Panache.getSession()
        .chain(session -> session.createNativeQuery(VERSION, Long.class).getSingleResult());
  }

  /** The version is read first: a change in between is read twice rather than not at all. */
  @Override
  public Uni<ModelSnapshot> load() {
    return version()
        .chain(
            version ->
                listAll()
                    .map(
                        rows ->
                            new ModelSnapshot(version, rows.stream().map(this::event).toList())));
  }

  private String document(ModelPublished model) {
    try {
      return json.writeValueAsString(model);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an event is always JSON", e);
    }
  }

  private ModelPublished event(PublishedModelEntity row) {
    try {
      return json.readValue(row.document, ModelPublished.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("unreadable row of " + row.model, e);
    }
  }
}
