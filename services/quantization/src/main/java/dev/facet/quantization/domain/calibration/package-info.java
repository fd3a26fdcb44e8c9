/**
 * Error feedback for the embedded codec (GPTQ with activation order and static groups): Hessians of
 * the linear layers' inputs, their factorization, the sweep that moves each column's rounding error
 * to the columns still to be coded, and the choice of bits for each tensor under a byte budget.
 *
 * <p>Plain Java. Every result is the same bit for bit on any number of threads and any JDK.
 */
package dev.facet.quantization.domain.calibration;
