package dev.facet.capability.adapter.persistence;

import dev.facet.capability.application.CatalogueStore;
import dev.facet.capability.domain.catalogue.CatalogueSnapshot;
import dev.facet.capability.domain.catalogue.KernelSet;
import dev.facet.capability.domain.catalogue.ModelOffer;
import dev.facet.capability.domain.catalogue.Preference;
import dev.facet.kernel.event.KernelsPublished;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.event.ModelWithdrawn;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny.Session;

/**
 * The tables {@code catalogue_*}. Upserts carry the event's time and lose against newer rows, so a
 * late event cannot undo a newer one.
 */
@ApplicationScoped
class CatalogueTables implements CatalogueStore {
  private static final String PUT_MODEL =
      "insert into catalogue_model (model, published_at, document) values (?1, ?2, cast(cast(?3 as text) as jsonb))"
          + " on conflict (model) do update set published_at = excluded.published_at, document = excluded.document"
          + " where catalogue_model.published_at <= excluded.published_at";
  private static final String REMOVE_MODEL =
      "delete from catalogue_model where model = ?1 and published_at <= ?2";
  private static final String PUT_KERNELS =
      "insert into catalogue_kernels (revision, published_at, document) values (?1, ?2, cast(cast(?3 as text) as jsonb))"
          + " on conflict (revision) do update set published_at = excluded.published_at, document = excluded.document"
          + " where catalogue_kernels.published_at <= excluded.published_at";
  private static final String PUT_PREFERENCE =
      "insert into catalogue_preference (model, device_class, point, reason, decided_at) values (?1, ?2, ?3, ?4, ?5)"
          + " on conflict (model, device_class) do update set point = excluded.point, reason = excluded.reason,"
          + " decided_at = excluded.decided_at where catalogue_preference.decided_at <= excluded.decided_at";
  private static final String NEXT_VERSION = "update catalogue_version set version = version + 1";
  private static final String VERSION = "select version from catalogue_version";

  private final JsonDocuments json;

  CatalogueTables(JsonDocuments json) {
    this.json = json;
  }

  @Override
  public Uni<Void> put(ModelPublished model) {
    return write(PUT_MODEL, model.model(), model.publishedAt(), json.write(model));
  }

  @Override
  public Uni<Void> remove(ModelWithdrawn model) {
    return write(REMOVE_MODEL, model.model(), model.withdrawnAt());
  }

  @Override
  public Uni<Void> put(KernelsPublished kernels) {
    return write(PUT_KERNELS, kernels.revision(), kernels.publishedAt(), json.write(kernels));
  }

  @Override
  public Uni<Void> put(Preference preference) {
    return write(
        PUT_PREFERENCE,
        preference.model(),
        preference.deviceClass(),
        preference.point(),
        preference.reason(),
        preference.decidedAt());
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

  @Override
  public Uni<CatalogueSnapshot> load() {
    return Panache.getSession()
        .chain(session -> version().chain(version -> load(session, version)));
  }

  /** The version is read first: a change in between is read twice rather than not at all. */
  private Uni<CatalogueSnapshot> load(Session session, long version) {
    return models(session)
        .chain(
            models ->
                kernels(session)
                    .chain(
                        kernels ->
                            preferences(session)
                                .map(p -> new CatalogueSnapshot(version, models, kernels, p))));
  }

  private Uni<List<ModelOffer>> models(Session session) {
    return session
        .createQuery("from ModelEntity", ModelEntity.class)
        .getResultList()
        .map(rows -> rows.stream().map(this::offer).toList());
  }

  private ModelOffer offer(ModelEntity row) {
    return ModelOffer.of(json.read(row.document, ModelPublished.class));
  }

  private Uni<KernelSet> kernels(Session session) {
    return session
        .createQuery("from KernelSetEntity order by publishedAt desc", KernelSetEntity.class)
        .setMaxResults(1)
        .getSingleResultOrNull()
        .map(row -> row == null ? null : kernelSet(row));
  }

  private KernelSet kernelSet(KernelSetEntity row) {
    KernelsPublished event = json.read(row.document, KernelsPublished.class);
    return new KernelSet(event.revision(), event.modules());
  }

  private static Uni<List<Preference>> preferences(Session session) {
    return session
        .createQuery("from PreferenceEntity", PreferenceEntity.class)
        .getResultList()
        .map(rows -> rows.stream().map(CatalogueTables::preference).toList());
  }

  private static Preference preference(PreferenceEntity row) {
    return new Preference(row.model, row.deviceClass, row.point, row.reason, row.decidedAt);
  }
}
