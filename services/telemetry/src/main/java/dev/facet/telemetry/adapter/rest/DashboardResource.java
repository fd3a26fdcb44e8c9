package dev.facet.telemetry.adapter.rest;

import dev.facet.telemetry.application.AggregateViews;
import dev.facet.telemetry.domain.aggregate.CellSummary;
import dev.facet.telemetry.domain.aggregate.DeliverySummary;
import dev.facet.telemetry.domain.aggregate.DeviceClassSummary;
import io.smallrye.mutiny.Uni;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What the operator's dashboard draws. */
@Path("/v1/telemetry")
@Produces(MediaType.APPLICATION_JSON)
public class DashboardResource {
  private static final int WEEK = 168;

  /** Cells and deliveries since an instant. */
  public record Aggregates(
      Instant since, List<CellSummary> cells, List<DeliverySummary> deliveries) {}

  /**
   * @param profiles browsers ever registered, over all classes
   */
  public record FleetView(Instant since, long profiles, List<DeviceClassSummary> classes) {}

  private final AggregateViews views;

  DashboardResource(AggregateViews views) {
    this.views = views;
  }

  @GET
  @Path("/aggregates")
  @Operation(summary = "Measurements by model, point and device class")
  public Uni<Aggregates> aggregates(
      @QueryParam("hours") @DefaultValue("24") @Min(1) @Max(WEEK) int hours,
      @QueryParam("model") String model,
      @QueryParam("deviceClass") String deviceClass) {
    Instant since = Instant.now().minus(Duration.ofHours(hours));
    return views
        .cells(since, model, deviceClass)
        .chain(
            cells ->
                views
                    .deliveries(since, model)
                    .map(deliveries -> new Aggregates(since, cells, deliveries)));
  }

  @GET
  @Path("/fleet")
  @Operation(summary = "Device classes seen")
  public Uni<FleetView> fleet(
      @QueryParam("hours") @DefaultValue("24") @Min(1) @Max(WEEK) int hours) {
    Instant since = Instant.now().minus(Duration.ofHours(hours));
    return views
        .classes(since)
        .map(
            classes ->
                new FleetView(
                    since,
                    classes.stream().mapToLong(DeviceClassSummary::profiles).sum(),
                    classes));
  }
}
