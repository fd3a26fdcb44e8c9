package dev.facet.telemetry.adapter.rest;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.telemetry.application.AcceptMeasurements;
import dev.facet.telemetry.application.SessionLimits;
import dev.facet.telemetry.application.SessionTokens;
import dev.facet.telemetry.config.IngestConfig;
import dev.facet.telemetry.domain.session.Session;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

/** Takes measurements from browsers. */
@Path("/v1/telemetry")
@Produces(MediaType.APPLICATION_JSON)
public class TelemetryResource {
  /**
   * @param accepted events that are stored
   */
  public record Receipt(int accepted) {}

  private final SessionTokens tokens;
  private final SessionLimits limits;
  private final AcceptMeasurements accept;
  private final BatchDecoder decoder;
  private final BatchReader reader;

  TelemetryResource(
      SessionTokens tokens, SessionLimits limits, AcceptMeasurements accept, IngestConfig config) {
    this.tokens = tokens;
    this.limits = limits;
    this.accept = accept;
    this.decoder = new BatchDecoder(config.maxBytes());
    this.reader = new BatchReader(config.maxEvents());
  }

  /** sendBeacon can set no headers of its own: hence text/plain, and the token in the body. */
  @POST
  @Consumes({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @Operation(summary = "Takes a batch of measurements (docs/wire.md, Telemetry)")
  @APIResponse(responseCode = "202", description = "Kafka has acknowledged every event")
  @APIResponse(responseCode = "400", description = "Malformed; errors name the JSON pointers")
  @APIResponse(responseCode = "401", description = "The session token is missing or refused")
  @APIResponse(responseCode = "413", description = "More bytes than are taken")
  @APIResponse(responseCode = "429", description = "The session sends too much; see Retry-After")
  @APIResponse(responseCode = "503", description = "Not stored; see Retry-After")
  public Uni<RestResponse<Receipt>> report(
      @HeaderParam(HttpHeaders.CONTENT_ENCODING) String encoding,
      @Context HttpServerRequest request,
      byte[] body) {
    Batch batch = reader.read(decoder.decode(body, encoding), now());
    Session session = tokens.verify(batch.token());
    List<ClientMetricsReported> reports = batch.reports(session);
    limits.admit(session, request.remoteAddress().hostAddress(), batch.size());
    return accept
        .accept(reports)
        .replaceWith(
            () -> RestResponse.status(RestResponse.Status.ACCEPTED, new Receipt(batch.size())));
  }

  /** To the millisecond, as browsers tell times. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
