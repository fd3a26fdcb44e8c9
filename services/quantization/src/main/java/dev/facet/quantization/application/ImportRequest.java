package dev.facet.quantization.application;

import dev.facet.kernel.identity.ModelId;
import dev.facet.quantization.domain.source.FolderSource;

/**
 * What is to be imported.
 *
 * @param id id to import under
 * @param text to calibrate on, its end to measure on; null for none
 */
public record ImportRequest(FolderSource source, ModelId id, String text) {}
