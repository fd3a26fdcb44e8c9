package dev.facet.capability.domain.plan;

import dev.facet.capability.domain.catalogue.KernelSet;
import dev.facet.capability.domain.catalogue.ModelOffer;
import dev.facet.capability.domain.catalogue.Preference;
import dev.facet.capability.domain.deviceclass.Backend;
import dev.facet.capability.domain.report.ProfileId;
import dev.facet.kernel.identity.BundleId;
import dev.facet.kernel.ladder.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes plans. The same device, model, kernels, preference and pin always give the same plan.
 *
 * <p>Each rule chooses one thing and says why; the order matters: the backend bounds memory, memory
 * bounds the cache's precision and the weights', and the context takes what is left.
 */
public final class PlanSolver {
  private final double sampleRate;

  /**
   * @param sampleRate share of generations that clients shall report, 0 to 1
   */
  public PlanSolver(double sampleRate) {
    this.sampleRate = sampleRate;
  }

  /**
   * Plans a model for a device.
   *
   * @throws BackendUnavailable if the device can run no backend, or not the pinned one
   * @throws CacheUnavailable if the client cannot keep the cache that is pinned
   * @throws PrecisionUnavailable if the pinned precision is not stored
   * @throws NothingFits if memory holds none of what is allowed
   */
  public Plan solve(
      Device device,
      ModelOffer model,
      KernelSet kernels,
      Optional<Preference> preference,
      Pin pin) {
    Choice<Backend> backend = new BackendRule(device.report(), kernels).choose(pin.backend());
    MemoryBudget budget =
        MemoryBudget.of(device.report(), backend.value()).within(pin.memoryBytes());
    ContextRule contexts = new ContextRule(model, pin.maxContext());
    Choice<CachePrecision> cache =
        new CacheRule(model, device.report(), backend.value(), budget, contexts.wished())
            .choose(pin.cache());
    Footprint footprint = new Footprint(model, cache.value());
    Choice<Point> point =
        new PrecisionRule(model, footprint, budget, contexts.wished())
            .choose(pin.bits(), preference);
    Choice<Integer> context = contexts.choose(point.value(), footprint, budget);
    Choice<Integer> threads = ThreadRule.choose(device.report(), kernels, backend.value());
    return assemble(
        device,
        new BundleId(
            model.id(),
            model.revision(),
            point.value().id(),
            backend.value().id(),
            kernels.revision()),
        new Choices(backend, point, context, cache, threads),
        footprint,
        budget);
  }

  private record Choices(
      Choice<Backend> backend,
      Choice<Point> point,
      Choice<Integer> context,
      Choice<CachePrecision> cache,
      Choice<Integer> threads) {}

  private Plan assemble(
      Device device, BundleId bundle, Choices chosen, Footprint footprint, MemoryBudget budget) {
    Plan.Memory memory = memory(footprint, chosen, budget);
    List<Reason> reasons = reasons(device, chosen, footprint, budget.reason(memory.totalBytes()));
    return new Plan(
        id(device, bundle, chosen, reasons),
        device.profile().toString(),
        bundle.model().value(),
        device.deviceClass().name(),
        chosen.backend().value().id(),
        chosen.threads().value(),
        Plan.PlannedPoint.of(chosen.point().value()),
        chosen.context().value(),
        chosen.cache().value(),
        memory,
        bundle.toString(),
        new Plan.Telemetry(sampleRate),
        reasons);
  }

  private static String id(Device device, BundleId bundle, Choices chosen, List<Reason> reasons) {
    return ProfileId.nameBased(
            String.join(
                "\n",
                device.profile().toString(),
                bundle.toString(),
                chosen.context().value().toString(),
                chosen.cache().value().toString(),
                chosen.threads().value().toString(),
                reasons.toString()))
        .toString();
  }

  private static Plan.Memory memory(Footprint footprint, Choices chosen, MemoryBudget budget) {
    Point point = chosen.point().value();
    int context = chosen.context().value();
    return new Plan.Memory(
        budget.bytes(),
        footprint.weights(point),
        footprint.cache(context),
        footprint.work(point, context),
        footprint.total(point, context));
  }

  private static List<Reason> reasons(
      Device device, Choices chosen, Footprint footprint, Reason memory) {
    List<Reason> reasons =
        new ArrayList<>(
            List.of(
                chosen.backend().reason(),
                chosen.point().reason(),
                chosen.context().reason(),
                chosen.cache().reason(),
                chosen.threads().reason(),
                memory));
    long largest = footprint.largestTensor(chosen.point().value());
    BindingRule.reason(device.report(), chosen.backend().value(), largest).ifPresent(reasons::add);
    return List.copyOf(reasons);
  }
}
