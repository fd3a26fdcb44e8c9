package dev.facet.capability.domain.report;

/** Extensions of WebAssembly that the browser validated. */
public record Wasm(boolean simd, boolean relaxedSimd, boolean threads, boolean memory64) {}
