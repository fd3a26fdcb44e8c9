/**
 * The cuts that a model is published with: how much each tensor group's precision matters, the
 * anchors of the compact ladder and the maps that serve a size best, and the gates that a measured
 * cut has to pass.
 */
package dev.facet.quantization.domain.front;
