/** Topics that the service listens to. */
package dev.facet.streaming.adapter.messaging;
