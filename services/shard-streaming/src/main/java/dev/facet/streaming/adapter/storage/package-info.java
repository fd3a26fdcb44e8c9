/** Blobs in a folder: {@code <first two digits>/<64 digits>}. */
package dev.facet.streaming.adapter.storage;
