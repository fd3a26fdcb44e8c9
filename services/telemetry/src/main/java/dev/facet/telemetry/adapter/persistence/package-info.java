/** PostgreSQL: cells and votes by plain SQL, policies and catalogue by Hibernate Reactive. */
package dev.facet.telemetry.adapter.persistence;
