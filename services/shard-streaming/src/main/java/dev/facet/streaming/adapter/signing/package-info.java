/** The Ed25519 key in its file. */
package dev.facet.streaming.adapter.signing;
