package dev.facet.quantization.application;

import dev.facet.quantization.domain.importing.TensorError;
import dev.facet.quantization.domain.ladder.EncodedGroup;
import java.util.List;

/**
 * What the coding of one tensor group has brought.
 *
 * @param encoded where the group's segments lie
 * @param errors what coding has cost its tensors
 */
public record GroupResult(EncodedGroup encoded, List<TensorError> errors) {
  public GroupResult {
    errors = List.copyOf(errors);
  }

  /** The same planes as part of another ladder. */
  GroupResult in(String ladder) {
    return new GroupResult(
        new EncodedGroup(ladder, encoded.group(), encoded.tensors(), encoded.shards()),
        errors.stream().map(error -> error.in(ladder)).toList());
  }
}
