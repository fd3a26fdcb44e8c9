/** Tables of the service behind the ports of the application. */
package dev.facet.streaming.adapter.persistence;
