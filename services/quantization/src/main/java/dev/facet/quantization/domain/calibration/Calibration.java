package dev.facet.quantization.domain.calibration;

import dev.facet.quantization.domain.checkpoint.TensorSpec;
import dev.facet.quantization.domain.kernel.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What some text shows of a model: the inputs that its matrices are given, weighed by how much
 * their outputs matter to the prediction. Safe for use by several threads; the inputs last asked
 * for are held ready, since tensors that share inputs are coded one after the other.
 */
public final class Calibration {
  private final FisherMoments seen;
  private final Workers workers;
  private Hessian readyFor;
  private LayerInputs ready;

  Calibration(FisherMoments seen, Workers workers) {
    this.seen = seen;
    this.workers = workers;
  }

  /**
   * @throws IOException if the stream breaks off or is not what {@link #save} wrote
   */
  public static Calibration load(InputStream source, Workers workers) throws IOException {
    return new Calibration(FisherFormat.read(source), workers);
  }

  /** Writes what is needed to code the same bytes again without the text. */
  public void save(OutputStream target) throws IOException {
    FisherFormat.write(seen, target);
  }

  /** What was seen of some tensors, and of those that share their inputs. */
  public Calibration of(Collection<TensorSpec> tensors) {
    return new Calibration(seen.of(tensors), workers);
  }

  /**
   * What several texts show together.
   *
   * @param shares of the same tensors, each of about as many tokens
   */
  public static Calibration sum(List<Calibration> shares, Workers workers) {
    return new Calibration(
        FisherMoments.sum(shares.stream().map(share -> share.seen).toList()), workers);
  }

  /** Inputs of the tensor's product; empty if none was seen. */
  synchronized Optional<LayerInputs> inputs(TensorSpec tensor) {
    Hessian hessian = seen.hessian(tensor);
    if (hessian != null && hessian != readyFor) {
      ready = LayerInputs.of(hessian, workers);
      readyFor = hessian;
    }
    return Optional.ofNullable(hessian == null ? null : ready);
  }

  /**
   * The mean divergence that a tensor's coding errors make, to second order and as if no other
   * tensor were coded: half the Fisher information of the errors.
   *
   * @param weights all of the tensor, row-major
   * @param decoded the same after coding
   * @return nats a token; empty if calibration has not seen the tensor
   */
  public OptionalDouble divergence(TensorSpec tensor, float[] weights, float[] decoded) {
    Optional<LayerInputs> inputs = inputs(tensor);
    if (inputs.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] errors =
        new OutputError(FeedbackKernel.create(), inputs.get().moments)
            .rows(weights, decoded, tensor.rows(), workers);
    double[] shares = seen.shares(tensor);
    double sum = 0;
    for (int row = 0; row < errors.length; row++) {
      sum += shares[row] * errors[row];
    }
    return OptionalDouble.of(sum / (2 * seen.tokens()));
  }
}
