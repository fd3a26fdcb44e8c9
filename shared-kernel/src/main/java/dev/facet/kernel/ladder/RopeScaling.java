package dev.facet.kernel.ladder;

/**
 * Stretching of rotary frequencies as Llama 3 does it.
 *
 * @param type always {@code llama3}
 * @param factor by which low frequencies are slowed
 * @param lowFreqFactor wavelengths above {@code originalContextLength / lowFreqFactor} are slowed
 *     fully
 * @param highFreqFactor wavelengths below {@code originalContextLength / highFreqFactor} are kept
 * @param originalContextLength positions the model was first trained on
 */
public record RopeScaling(
    String type,
    double factor,
    double lowFreqFactor,
    double highFreqFactor,
    int originalContextLength) {}
