package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.TaskKey;
import io.smallrye.mutiny.Uni;

interface GroupEncoding {
  Uni<GroupResult> encode(ImportedModel model, TaskKey key);
}
