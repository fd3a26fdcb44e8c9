/**
 * What the commands show while they work: spinners and bars on a terminal, plain lines elsewhere.
 */
package dev.facet.local.terminal;
