package dev.facet.capability.adapter.rest;

import dev.facet.capability.application.PlanModel;
import dev.facet.capability.domain.plan.Plan;
import dev.facet.kernel.identity.ModelId;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Plans. */
@Path("/v1/plans")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "plans")
public class PlanResource {
  private final PlanModel plans;

  PlanResource(PlanModel plans) {
    this.plans = plans;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Plans a model for a profile, with the reason for each choice")
  @APIResponse(responseCode = "200", description = "The plan")
  @APIResponse(responseCode = "404", description = "Unknown model or profile")
  @APIResponse(
      responseCode = "409",
      description = "The device cannot do what is asked, or nothing fits")
  @APIResponse(responseCode = "422", description = "The pinned precision is not stored")
  public Uni<Plan> plan(@NotNull @Valid PlanRequest request) {
    return plans.plan(request.profile(), new ModelId(request.model()), request.toPin());
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "A plan that was handed out before")
  public Uni<Plan> get(@PathParam("id") String id) {
    return Uni.createFrom().deferred(() -> plans.find(PathIds.uuid("plan", id)));
  }
}
