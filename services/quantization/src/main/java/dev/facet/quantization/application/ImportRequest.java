package dev.facet.quantization.application;

import dev.facet.kernel.identity.ModelId;
import dev.facet.quantization.domain.source.CheckpointSource;

/**
 * What is to be imported.
 *
 * @param id id to import under
 * @param text to calibrate on, its end to measure on; null for none
 */
public record ImportRequest(CheckpointSource source, ModelId id, String text) {}
