/** The one origin that browsers talk to, in front of the four services. */
package dev.facet.local.proxy;
