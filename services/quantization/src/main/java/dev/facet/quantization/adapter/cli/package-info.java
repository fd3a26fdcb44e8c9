/** Commands that run without the service: they read a checkpoint and print what they find. */
package dev.facet.quantization.adapter.cli;
