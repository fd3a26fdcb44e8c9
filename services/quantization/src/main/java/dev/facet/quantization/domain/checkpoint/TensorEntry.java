package dev.facet.quantization.domain.checkpoint;

import java.util.List;

/**
 * A tensor as a safetensors header describes it.
 *
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last
 */
record TensorEntry(String name, DType dtype, List<Long> shape, long begin, long end) {}
