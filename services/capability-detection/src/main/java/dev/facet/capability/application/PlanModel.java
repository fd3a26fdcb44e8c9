package dev.facet.capability.application;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.facet.capability.config.PlanConfig;
import dev.facet.capability.domain.catalogue.CatalogueSnapshot;
import dev.facet.capability.domain.catalogue.KernelSet;
import dev.facet.capability.domain.catalogue.ModelOffer;
import dev.facet.capability.domain.plan.Device;
import dev.facet.capability.domain.plan.Pin;
import dev.facet.capability.domain.plan.Plan;
import dev.facet.capability.domain.plan.PlanSolver;
import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.problem.NotFound;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Plans a model for a profile from what is in memory, and keeps the plan for later questions. */
@ApplicationScoped
public class PlanModel {
  private static final Logger LOG = Logger.getLogger(PlanModel.class);

  private final RegisteredDevices devices;
  private final Catalogue catalogue;
  private final PlanStore plans;
  private final PlanSolver solver;
  private final Duration patience;
  private final Cache<String, Plan> kept;

  PlanModel(RegisteredDevices devices, Catalogue catalogue, PlanStore plans, PlanConfig config) {
    this.devices = devices;
    this.catalogue = catalogue;
    this.plans = plans;
    this.solver = new PlanSolver(config.telemetrySampleRate());
    this.patience = config.keepWithin();
    this.kept = Caffeine.newBuilder().maximumSize(config.plansInMemory()).build();
  }

  /** The plan, or a failure with a problem that says why there is none. */
  public Uni<Plan> plan(UUID profile, ModelId model, Pin pin) {
    return devices.get(profile).map(device -> solve(device, model, pin)).call(this::keep);
  }

  /** A plan handed out before, or a failure with {@link NotFound}. */
  public Uni<Plan> find(UUID plan) {
    Plan known = kept.getIfPresent(plan.toString());
    return known != null
        ? Uni.createFrom().item(known)
        : StorageUnavailable.guard(plans.find(plan))
            .map(found -> found.orElseThrow(() -> new NotFound("plan", plan.toString())));
  }

  private Plan solve(Device device, ModelId id, Pin pin) {
    CatalogueSnapshot known = catalogue.now();
    ModelOffer model = known.model(id.value()).orElseThrow(() -> new NotFound("model", id.value()));
    KernelSet kernels = known.kernels().orElseThrow(KernelsNotPublished::new);
    return solver.solve(
        device, model, kernels, known.preference(id.value(), device.deviceClass().name()), pin);
  }

  /** A plan is good without its row: when the database is away the answer goes out all the same. */
  private Uni<Void> keep(Plan plan) {
    if (kept.getIfPresent(plan.plan()) != null) {
      return Uni.createFrom().voidItem();
    }
    return plans
        .add(plan)
        .invoke(() -> kept.put(plan.plan(), plan))
        .ifNoItem()
        .after(patience)
        .fail()
        .onFailure()
        .invoke(e -> LOG.warnf("plan %s is not kept: %s", plan.plan(), e.getMessage()))
        .onFailure()
        .recoverWithNull();
  }
}
