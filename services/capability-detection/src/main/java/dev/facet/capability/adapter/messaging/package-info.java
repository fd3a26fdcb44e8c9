/** Topics that the service listens to. */
package dev.facet.capability.adapter.messaging;
