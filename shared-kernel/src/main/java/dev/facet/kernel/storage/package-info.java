/** The connection to an S3 store; what services keep there is their own matter. */
package dev.facet.kernel.storage;
