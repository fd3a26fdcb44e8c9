/** Session tokens as JWTs. */
package dev.facet.telemetry.adapter.session;
