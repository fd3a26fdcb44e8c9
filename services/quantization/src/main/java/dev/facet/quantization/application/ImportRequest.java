package dev.facet.quantization.application;

import dev.facet.kernel.identity.ModelId;
import dev.facet.quantization.domain.source.FolderSource;

/**
 * What is to be imported.
 *
 * @param id id to import under
 * @param heldOutText text to measure on; null for the service's own
 */
public record ImportRequest(FolderSource source, ModelId id, String heldOutText) {}
