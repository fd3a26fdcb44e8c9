/** Validated names of the things services talk about. Plain Java. */
package dev.facet.kernel.identity;
