/** Remembers which events a consumer has dealt with, so that telling one twice changes nothing. */
package dev.facet.kernel.inbox;
