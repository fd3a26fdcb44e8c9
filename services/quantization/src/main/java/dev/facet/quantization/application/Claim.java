package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.ImportTask;
import dev.facet.quantization.domain.importing.ImportedModel;

/**
 * A task in this worker's hands.
 *
 * @param task leased; its attempt is the fencing token
 * @param model the model as it was when the task was claimed
 */
public record Claim(ImportTask task, ImportedModel model) {}
