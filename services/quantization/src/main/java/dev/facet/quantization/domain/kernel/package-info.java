/**
 * The arithmetic the service spends its time in, each kind behind one narrow interface with a
 * scalar reference and a Vector API version; {@link dev.facet.quantization.domain.kernel.Kernels}
 * chooses at run time.
 */
package dev.facet.quantization.domain.kernel;
