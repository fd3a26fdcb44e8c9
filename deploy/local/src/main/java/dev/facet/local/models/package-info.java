/** Importing models through the running mesh. */
package dev.facet.local.models;
