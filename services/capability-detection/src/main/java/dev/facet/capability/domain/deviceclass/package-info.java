/** Buckets of devices that measure alike: explicit rules, no I/O. */
package dev.facet.capability.domain.deviceclass;
