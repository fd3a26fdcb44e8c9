/** Settings, each with a sentence. */
package dev.facet.quantization.config;
