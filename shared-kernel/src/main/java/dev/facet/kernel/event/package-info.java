/**
 * What has happened, one past-tense record each; JSON schemas and samples lie under
 * resources/schemas. Plain Java.
 */
package dev.facet.kernel.event;
