/**
 * What may be planned: models, the kernel set and the tuner's preferences, as last told by other
 * services.
 */
package dev.facet.capability.domain.catalogue;
