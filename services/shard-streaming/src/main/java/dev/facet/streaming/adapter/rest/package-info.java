/** Small immutable documents from memory: manifests, keys, kernels. */
package dev.facet.streaming.adapter.rest;
