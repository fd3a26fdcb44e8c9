package dev.facet.capability.adapter.rest;

import dev.facet.capability.application.RegisterDevice;
import dev.facet.capability.application.RegisteredDevices;
import dev.facet.capability.application.SessionTokens;
import dev.facet.capability.domain.plan.Device;
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
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Device profiles. */
@Path("/v1/profiles")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "profiles")
public class ProfileResource {
  private final RegisterDevice registration;
  private final RegisteredDevices devices;
  private final SessionTokens sessions;

  ProfileResource(RegisterDevice registration, RegisteredDevices devices, SessionTokens sessions) {
    this.registration = registration;
    this.devices = devices;
    this.sessions = sessions;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Registers what a browser measured about itself and opens a session")
  @APIResponse(responseCode = "201", description = "The profile; equal reports share one")
  @APIResponse(responseCode = "400", description = "A field is missing or out of range")
  public Uni<RestResponse<RegistrationDocument>> register(@NotNull @Valid ReportDocument report) {
    return registration.register(report.toReport()).map(this::created);
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "A registered profile")
  public Uni<ProfileDocument> get(@PathParam("id") String id) {
    return Uni.createFrom()
        .deferred(() -> devices.get(PathIds.uuid("profile", id)))
        .map(ProfileDocument::of);
  }

  private RestResponse<RegistrationDocument> created(Device device) {
    RegistrationDocument body = RegistrationDocument.of(device, sessions.issue(device));
    URI location = URI.create("/v1/profiles/" + device.profile());
    return ResponseBuilder.<RegistrationDocument>created(location).entity(body).build();
  }
}
