/** Bundles: a ladder, a point and a kernel set become a manifest. Pure and deterministic. */
package dev.facet.streaming.domain.bundle;
