/** The mesh on one machine: its parts, their data directory, start, supervision and end. */
package dev.facet.local.mesh;
