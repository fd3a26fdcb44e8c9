/** What a browser has measured about itself, as far as plans and classes depend on it. */
package dev.facet.capability.domain.report;
