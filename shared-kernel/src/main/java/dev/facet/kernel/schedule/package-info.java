/** What all services' scheduled work has in common. */
package dev.facet.kernel.schedule;
