/** Kernels from the class path, where the browser client's jar puts them. */
package dev.facet.streaming.adapter.kernels;
