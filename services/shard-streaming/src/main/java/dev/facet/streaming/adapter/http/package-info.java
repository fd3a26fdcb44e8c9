/**
 * Bodies that are too large for memory: shards and framed streams, written straight to the
 * connection.
 */
package dev.facet.streaming.adapter.http;
