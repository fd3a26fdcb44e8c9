package dev.facet.telemetry.adapter.rest;

import dev.facet.kernel.identity.ModelId;
import dev.facet.kernel.problem.NotFound;
import dev.facet.telemetry.application.ExplainPolicy;
import dev.facet.telemetry.domain.tuner.PolicyKey;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What the tuner prefers, and why. */
@Path("/v1/policies")
@Produces(MediaType.APPLICATION_JSON)
public class PolicyResource {
  /** All policies, by model and device class. */
  public record Policies(List<PolicyView> policies) {}

  private final ExplainPolicy explain;

  PolicyResource(ExplainPolicy explain) {
    this.explain = explain;
  }

  @GET
  @Operation(summary = "All policies with their history")
  public Uni<Policies> all() {
    return explain.all().map(all -> new Policies(all.stream().map(PolicyView::of).toList()));
  }

  @GET
  @Path("/{model}/{deviceClass}")
  @Operation(summary = "One policy with its guard rails and what has been measured")
  public Uni<PolicyView> one(String model, String deviceClass) {
    PolicyKey key = new PolicyKey(new ModelId(model).value(), deviceClass);
    return explain
        .find(key)
        .map(
            found ->
                found
                    .map(PolicyView::of)
                    .orElseThrow(
                        () -> new NotFound("policy", key.model() + " on " + key.deviceClass())));
  }
}
