/** {@code /v1/models}: documents as docs/wire.md has them, problems as RFC 9457. */
package dev.facet.quantization.adapter.rest;
