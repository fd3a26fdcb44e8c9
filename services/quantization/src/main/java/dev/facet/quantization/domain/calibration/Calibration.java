package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.kernel.Workers;
import dev.facet.quantization.domain.transformer.Decoder;
import dev.facet.quantization.domain.transformer.InputObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * What a model's linear layers are given on some text. Safe for use by several threads; the inputs
 * last asked for are held ready, since layers that share inputs are coded one after the other.
 */
public final class Calibration {
  private final Map<String, Hessian> hessians;
  private final Workers workers;
  private Hessian readyFor;
  private LayerInputs ready;

  private Calibration(Map<String, Hessian> hessians, Workers workers) {
    this.hessians = Map.copyOf(hessians);
    this.workers = workers;
  }

  /** Gives a decoder of the full-precision model that shows its layers' inputs. */
  @FunctionalInterface
  public interface ObservedModel {
    Decoder decoder(InputObserver observer);
  }

  /**
   * Runs the model over windows of tokens.
   *
   * @param wanted the tensors that will be coded; each kind of inputs costs {@code 4 cols^2} bytes
   *     until then
   * @param progress told the number of windows done
   */
  public static Calibration run(
      ObservedModel model,
      List<int[]> windows,
      Predicate<TensorSpec> wanted,
      Workers workers,
      IntConsumer progress) {
    HessianCollector collector = new HessianCollector(wanted, workers);
    Decoder decoder = model.decoder(collector);
    for (int i = 0; i < windows.size(); i++) {
      decoder.hidden(windows.get(i));
      progress.accept(i + 1);
    }
    return new Calibration(collector.hessians(), workers);
  }

  /** Inputs of the layer that multiplies with a tensor; empty if none was seen. */
  synchronized Optional<LayerInputs> inputs(TensorSpec tensor) {
    Hessian hessian = hessians.get(tensor.name());
    if (hessian != null && hessian != readyFor) {
      ready = LayerInputs.of(hessian, workers);
      readyFor = hessian;
    }
    return Optional.ofNullable(hessian == null ? null : ready);
  }
}
