/** Models and tasks in PostgreSQL. */
package dev.facet.quantization.adapter.persistence;
