package dev.facet.quantization.domain.importing;

/**
 * The same model as another tool quantizes it.
 *
 * @param name the tool's name for how
 * @param bytes size of its file
 * @param bitsPerWeight mean bits over all tensors
 * @param bodyBits the same of the linear layers
 */
public record Peer(
    String name,
    long bytes,
    double bitsPerWeight,
    double bodyBits,
    double perplexity,
    double meanKl,
    double top1Agreement) {}
