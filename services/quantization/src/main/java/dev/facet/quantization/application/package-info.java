/** Use cases, each a transaction or a few, and the ports they need. */
package dev.facet.quantization.application;
