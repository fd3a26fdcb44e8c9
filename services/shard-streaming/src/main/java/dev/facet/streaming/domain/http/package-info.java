/** The parts of HTTP that immutable blobs need: ranges and entity tags (RFC 9110). Pure. */
package dev.facet.streaming.domain.http;
