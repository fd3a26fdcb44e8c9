package dev.facet.quantization.adapter.rest;

import dev.facet.kernel.identity.ModelId;
import dev.facet.quantization.application.BrowseModels;
import dev.facet.quantization.application.FetchSource;
import dev.facet.quantization.application.ImportModel;
import dev.facet.quantization.application.ImportRequest;
import dev.facet.quantization.application.ModelState;
import dev.facet.quantization.application.ProgressFeed;
import dev.facet.quantization.application.WithdrawModel;
import dev.facet.quantization.domain.importing.ImportCourse;
import dev.facet.quantization.domain.source.CheckpointSource;
import dev.facet.quantization.domain.source.RemoteSource;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Imports, shows and withdraws models. */
@Path("/v1/models")
@Tag(name = "models")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ModelsResource {
  private final ImportModel imports;
  private final FetchSource fetches;
  private final BrowseModels models;
  private final WithdrawModel withdrawals;
  private final ProgressFeed progress;

  ModelsResource(
      ImportModel imports,
      FetchSource fetches,
      BrowseModels models,
      WithdrawModel withdrawals,
      ProgressFeed progress) {
    this.imports = imports;
    this.fetches = fetches;
    this.models = models;
    this.withdrawals = withdrawals;
    this.progress = progress;
  }

  @POST
  @Operation(summary = "Import a checkpoint; the same content again changes nothing")
  @APIResponse(responseCode = "202", description = "Checked and begun, or there already")
  @APIResponse(responseCode = "409", description = "The id belongs to other content")
  @APIResponse(
      responseCode = "422",
      description = "The checkpoint is not usable; says what and where")
  public Uni<RestResponse<ModelView>> begin(@NotNull @Valid ImportBody body) {
    CheckpointSource source = CheckpointSource.parse(body.source());
    ModelId id = body.id() == null ? source.defaultId() : new ModelId(body.id());
    return source instanceof RemoteSource remote
        ? fetches.begin(remote, id, body.calibration()).map(state -> accepted(id, state))
        : imports
            .begin(new ImportRequest(source, id, body.calibration()))
            .map(model -> accepted(id, ModelState.of(model)));
  }

  private static RestResponse<ModelView> accepted(ModelId id, ModelState state) {
    return RestResponse.ResponseBuilder.<ModelView>create(RestResponse.Status.ACCEPTED)
        .location(URI.create("/v1/models/" + id))
        .entity(ModelView.of(state))
        .build();
  }

  @GET
  @Operation(summary = "All models by id")
  public Uni<ModelList> list() {
    return models.all().map(all -> new ModelList(all.stream().map(ModelView::of).toList()));
  }

  @GET
  @Path("{id}")
  @Operation(summary = "One model")
  @APIResponse(responseCode = "404", description = "No such model")
  public Uni<ModelView> one(@PathParam("id") String id) {
    return models.one(new ModelId(id)).map(ModelView::of);
  }

  /** A page of the site shows the same; a browser that asks for HTML is sent there. */
  @GET
  @Path("{id}/report")
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML})
  @Operation(summary = "What quantization has cost a published model, by point, layer and tensor")
  @APIResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ReportView.class)))
  @APIResponse(responseCode = "303", description = "To the page, for who asks for HTML")
  @APIResponse(responseCode = "409", description = "Not published")
  public Uni<RestResponse<ReportView>> report(
      @PathParam("id") String id, @Context HttpHeaders headers) {
    ModelId model = new ModelId(id);
    return wantsPage(headers)
        ? Uni.createFrom().item(page(model))
        : models.published(model).map(found -> document(ReportView.of(found)));
  }

  private static boolean wantsPage(HttpHeaders headers) {
    return headers.getAcceptableMediaTypes().stream()
        .filter(
            type ->
                type.isCompatible(MediaType.APPLICATION_JSON_TYPE)
                    || type.isCompatible(MediaType.TEXT_HTML_TYPE))
        .findFirst()
        .filter(best -> !best.isCompatible(MediaType.APPLICATION_JSON_TYPE))
        .isPresent();
  }

  private static RestResponse<ReportView> page(ModelId model) {
    return RestResponse.ResponseBuilder.<ReportView>create(RestResponse.Status.SEE_OTHER)
        .header(HttpHeaders.LOCATION, "/report?model=" + model)
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .build();
  }

  private static RestResponse<ReportView> document(ReportView report) {
    return RestResponse.ResponseBuilder.ok(report, MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .build();
  }

  @GET
  @Path("{id}/events")
  @KnownModel
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "Progress of an import; the last event is published or failed")
  @APIResponse(responseCode = "404", description = "No such model")
  public Multi<OutboundSseEvent> events(@PathParam("id") String id, @Context Sse sse) {
    return progress.follow(new ModelId(id)).map(course -> event(sse, course));
  }

  private static OutboundSseEvent event(Sse sse, ImportCourse course) {
    return sse.newEventBuilder()
        .name(course.state().isFinal() ? course.state().label() : "progress")
        .mediaType(MediaType.APPLICATION_JSON_TYPE)
        .data(ProgressView.of(course))
        .build();
  }

  @DELETE
  @Path("{id}")
  @Operation(summary = "Withdraw a model: no new plan may choose it")
  @APIResponse(responseCode = "204", description = "Withdrawn")
  @APIResponse(responseCode = "404", description = "No such model")
  public Uni<RestResponse<Void>> withdraw(@PathParam("id") String id) {
    return withdrawals.withdraw(new ModelId(id)).replaceWith(RestResponse.noContent());
  }
}
