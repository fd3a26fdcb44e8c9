/** HTTP: documents as docs/wire.md writes them, checked at the door. */
package dev.facet.capability.adapter.rest;
