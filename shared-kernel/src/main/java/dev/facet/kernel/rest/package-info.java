/** The one place where a domain problem becomes an HTTP answer. */
package dev.facet.kernel.rest;
