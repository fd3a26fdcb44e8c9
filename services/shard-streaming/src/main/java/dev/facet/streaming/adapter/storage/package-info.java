/** Blobs in a folder or in a bucket: {@code <first two digits>/<64 digits>}. */
package dev.facet.streaming.adapter.storage;
