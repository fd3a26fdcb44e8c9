package dev.facet.quantization.domain.precision;

import dev.facet.quantization.domain.ladder.TensorGroup;
import java.util.ArrayList;
import java.util.List;

/** What a precision map may take, and what it may choose among. */
public sealed interface Budget {

  /** The options that each group may choose from. */
  List<List<PrecisionOption>> choices(List<TensorGroup> groups, List<List<PrecisionOption>> all);

  /** Bytes of all tensors. */
  long bytes(List<TensorGroup> groups, List<List<PrecisionOption>> all);

  /**
   * A model's size.
   *
   * @param bytes of all tensors
   */
  record OfModel(long bytes) implements Budget {
    @Override
    public List<List<PrecisionOption>> choices(
        List<TensorGroup> groups, List<List<PrecisionOption>> all) {
      return all;
    }

    @Override
    public long bytes(List<TensorGroup> groups, List<List<PrecisionOption>> all) {
      return bytes;
    }
  }

  /**
   * Linear layers alone, so that codes can be compared; embedding and head take the most bits they
   * may.
   *
   * @param bits of a weight in the mean, scales included
   */
  record OfBody(double bits) implements Budget {
    @Override
    public List<List<PrecisionOption>> choices(
        List<TensorGroup> groups, List<List<PrecisionOption>> all) {
      List<List<PrecisionOption>> choices = new ArrayList<>();
      for (int g = 0; g < groups.size(); g++) {
        boolean body = groups.get(g).kind() == TensorGroup.Kind.LINEAR;
        choices.add(body ? all.get(g) : List.of(finest(all.get(g))));
      }
      return choices;
    }

    @Override
    public long bytes(List<TensorGroup> groups, List<List<PrecisionOption>> all) {
      double bytes = 0;
      for (int g = 0; g < groups.size(); g++) {
        TensorGroup group = groups.get(g);
        boolean body = group.kind() == TensorGroup.Kind.LINEAR;
        bytes += body ? group.weights() * bits / Byte.SIZE : finest(all.get(g)).bytes();
      }
      return (long) bytes;
    }

    private static PrecisionOption finest(List<PrecisionOption> options) {
      return options.get(options.size() - 1);
    }
  }
}
