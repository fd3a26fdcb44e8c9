package dev.facet.quantization.adapter.persistence;

import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.importing.ImportFailure;
import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.Publication;
import jakarta.enterprise.context.ApplicationScoped;

/** Between a model and its row. */
@ApplicationScoped
class ModelMapper {
  private final JsonColumns json;

  ModelMapper(JsonColumns json) {
    this.json = json;
  }

  /** The model of a row; null for null. */
  ImportedModel toModel(ModelEntity row) {
    if (row == null) {
      return null;
    }
    return new ImportedModel(
        row.importId,
        new ModelId(row.id),
        row.revision,
        row.source,
        json.read(row.config, ArchitectureConfig.class),
        row.parameters,
        json.read(row.tokenizer, BlobRef.class),
        json.read(row.givenText, BlobRef.class),
        new ImportCourse(
            row.state,
            row.total,
            row.done,
            row.lastDone,
            row.stageBegan,
            row.improvement,
            json.read(row.failure, ImportFailure.class)),
        row.importedAt,
        json.read(row.publication, Publication.class));
  }

  ModelEntity toRow(ImportedModel model) {
    ModelEntity row = new ModelEntity();
    row.id = model.id().value();
    row.importId = model.importId();
    row.revision = model.revision();
    row.source = model.source();
    row.config = json.write(model.config());
    row.parameters = model.parameters();
    row.tokenizer = json.write(model.tokenizer());
    row.givenText = json.write(model.givenText());
    row.importedAt = model.importedAt();
    advance(row, model);
    return row;
  }

  /** Copies what changes in the course of an import. */
  void advance(ModelEntity row, ImportedModel model) {
    ImportCourse course = model.course();
    row.state = course.state();
    row.total = course.total();
    row.done = course.done();
    row.lastDone = course.lastDone();
    row.stageBegan = course.stageBegan();
    row.improvement = course.improvement();
    row.failure = json.write(course.failure());
    row.publication = json.write(model.publication());
  }
}
