/**
 * Broken rules of the domain, in words a caller can act on. Plain Java; mapped to RFC 9457 in one
 * place.
 */
package dev.facet.kernel.problem;
