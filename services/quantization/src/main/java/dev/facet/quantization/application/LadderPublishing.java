package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.ImportedModel;
import dev.facet.quantization.domain.importing.Publication;
import io.smallrye.mutiny.Uni;
import java.util.List;

interface LadderPublishing {
  Uni<Publication> publication(ImportedModel model, List<GroupResult> results);
}
