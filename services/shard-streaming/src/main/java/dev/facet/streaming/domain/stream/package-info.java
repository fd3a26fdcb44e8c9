/** The framed stream of docs/wire.md. Pure. */
package dev.facet.streaming.domain.stream;
