/** Session tokens as signed JWTs. */
package dev.facet.capability.adapter.session;
