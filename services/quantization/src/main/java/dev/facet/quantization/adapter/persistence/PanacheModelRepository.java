package dev.facet.quantization.adapter.persistence;

import dev.facet.kernel.identity.ModelId;
import dev.facet.quantization.application.ConcurrentImport;
import dev.facet.quantization.application.ModelRepository;
import dev.facet.quantization.domain.importing.ImportedModel;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import java.util.List;
import java.util.UUID;

/** Models through Hibernate Reactive. */
@ApplicationScoped
class PanacheModelRepository implements ModelRepository {
  private final ModelRows rows;
  private final ModelMapper mapper;

  PanacheModelRepository(ModelRows rows, ModelMapper mapper) {
    this.rows = rows;
    this.mapper = mapper;
  }

  /** Queries over the rows. */
  @ApplicationScoped
  static class ModelRows implements PanacheRepositoryBase<ModelEntity, String> {}

  @Override
  public Uni<ImportedModel> find(ModelId id) {
    return rows.findById(id.value()).map(mapper::toModel);
  }

  @Override
  public Uni<ImportedModel> findByImport(UUID importId) {
    return rows.find("importId", importId).firstResult().map(mapper::toModel);
  }

  @Override
  public Uni<ImportedModel> lockByImport(UUID importId) {
    return rows.find("importId", importId)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResult()
        .map(mapper::toModel);
  }

  @Override
  public Uni<ImportedModel> lock(ModelId id) {
    return rows.findById(id.value(), LockModeType.PESSIMISTIC_WRITE).map(mapper::toModel);
  }

  @Override
  public Uni<List<ImportedModel>> list() {
    return rows.listAll(Sort.by("id")).map(all -> all.stream().map(mapper::toModel).toList());
  }

  @Override
  public Uni<Void> add(ImportedModel model) {
    return rows.persistAndFlush(mapper.toRow(model))
        .onFailure(PersistenceException.class)
        .transform(ConcurrentImport::new)
        .replaceWithVoid();
  }

  @Override
  public Uni<Void> update(ImportedModel model) {
    return rows.findById(model.id().value())
        .invoke(row -> mapper.advance(row, model))
        .replaceWithVoid();
  }

  /** Flushed, so that the same id may be added again in the same transaction. */
  @Override
  public Uni<Void> remove(ImportedModel model) {
    return rows.findById(model.id().value())
        .chain(row -> rows.delete(row))
        .chain(() -> rows.flush());
  }
}
