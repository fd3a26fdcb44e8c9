/** Fixtures that the services' tests share (published as the test-jar). */
package dev.facet.kernel.testing;
