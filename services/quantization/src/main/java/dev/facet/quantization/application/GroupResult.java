package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.TensorError;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import java.util.List;

/**
 * What the coding of one tensor group has brought.
 *
 * @param encoded where the group's segments lie
 * @param errors what coding has cost its tensors
 * @param losses divergence foretold for each depth from 2 to the anchor, nats; empty where nothing
 *     is known of the group's inputs
 */
public record GroupResult(EncodedGroup encoded, List<TensorError> errors, List<Double> losses) {
  public GroupResult {
    errors = List.copyOf(errors);
    losses = List.copyOf(losses);
  }

  /** The same planes as part of another ladder. */
  GroupResult in(String ladder) {
    return new GroupResult(
        new EncodedGroup(ladder, encoded.group(), encoded.tensors(), encoded.shards()),
        errors.stream().map(error -> error.in(ladder)).toList(),
        losses);
  }
}
