/** Tables of the service: Panache repositories behind the ports of the application. */
package dev.facet.capability.adapter.persistence;
