package dev.facet.telemetry.adapter.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.telemetry.application.LiveFeed;
import dev.facet.telemetry.application.LiveFeed.Happening;
import dev.facet.telemetry.config.LiveConfig;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureFailure;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The live feed as server-sent events. */
@Path("/v1/telemetry/live")
public class LiveResource {
  private final LiveFeed feed;
  private final LiveConfig config;
  private final ObjectMapper json;

  LiveResource(LiveFeed feed, LiveConfig config, ObjectMapper json) {
    this.feed = feed;
    this.config = config;
    this.json = json;
  }

  /** The stream begins with a comment, so that a browser knows at once that it is connected. */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "generation, load, failure and policy events as they happen")
  public Multi<OutboundSseEvent> live(@Context Sse sse) {
    Multi<OutboundSseEvent> happenings = feed.watch().map(happening -> event(sse, happening));
    Multi<OutboundSseEvent> beats = beats().map(beat -> comment(sse));
    return Multi.createBy()
        .merging()
        .streams(happenings, beats)
        .onFailure(BackPressureFailure.class)
        .recoverWithCompletion();
  }

  private Multi<Long> beats() {
    Multi<Long> ticks = Multi.createFrom().ticks().every(config.heartbeat()).onOverflow().drop();
    return Multi.createBy().concatenating().streams(Multi.createFrom().item(-1L), ticks);
  }

  private static OutboundSseEvent comment(Sse sse) {
    return sse.newEventBuilder().comment("alive").build();
  }

  /** One line of JSON; with a media type set, Quarkus would add a field that no browser knows. */
  private OutboundSseEvent event(Sse sse, Happening happening) {
    try {
      String data = json.writeValueAsString(happening.data());
      return sse.newEventBuilder().name(happening.name()).data(data).build();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + happening.name(), e);
    }
  }
}
