package dev.facet.quantization.adapter.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Answer of {@code GET /v1/models}: by id. */
@Schema(name = "Models")
public record ModelList(List<ModelView> models) {}
