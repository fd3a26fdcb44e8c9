package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.codec.EmbeddedMatrix;

/**
 * A matrix coded with error feedback.
 *
 * @param error {@code tr(E H E^T)} at the anchor, with E the rounding errors and H the damped
 *     Hessian
 */
public record CalibratedMatrix(EmbeddedMatrix matrix, double error) {}
