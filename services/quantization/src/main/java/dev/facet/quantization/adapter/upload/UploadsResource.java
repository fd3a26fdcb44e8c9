package dev.facet.quantization.adapter.upload;

import dev.facet.quantization.domain.source.UploadProblem;
import dev.facet.quantization.domain.source.UploadSource;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * Uploads of checkpoints: an upload holds files, a file is sent in chunks by tus 1.0.0. The chunks
 * themselves go to {@link ChunkRoute}.
 */
@Path("/v1/uploads")
@Tag(name = "uploads")
@Produces(MediaType.APPLICATION_JSON)
public class UploadsResource {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final UploadStore store;

  UploadsResource(UploadStore store) {
    this.store = store;
  }

  @POST
  @Operation(summary = "Begin an upload: an id under which a checkpoint's files are sent")
  @APIResponse(responseCode = "201", description = "Begun")
  public Uni<RestResponse<UploadView>> begin() {
    return offLoop(store::create)
        .map(
            upload ->
                ResponseBuilder.<UploadView>create(RestResponse.Status.CREATED)
                    .location(URI.create("/v1/uploads/" + upload.id()))
                    .entity(view(upload.id(), List.of()))
                    .build());
  }

  @GET
  @Path("{id}")
  @Operation(summary = "An upload and how far its files are")
  @APIResponse(responseCode = "404", description = "No such upload")
  public Uni<UploadView> one(@PathParam("id") String id) {
    return offLoop(() -> view(id, store.files(id)));
  }

  private UploadView view(String id, List<UploadedFile> files) {
    return new UploadView(id, new UploadSource(id).toString(), files, store.expiry());
  }

  @DELETE
  @Path("{id}")
  @Operation(summary = "Remove an upload with its files")
  public Uni<RestResponse<Void>> remove(@PathParam("id") String id) {
    return offLoop(
        () -> {
          store.delete(id);
          return RestResponse.noContent();
        });
  }

  @OPTIONS
  @Path("{path: .*}")
  @Operation(hidden = true)
  public RestResponse<Void> options() {
    return tus(RestResponse.Status.NO_CONTENT)
        .header("Tus-Version", TusHeaders.VERSION)
        .header("Tus-Extension", "creation,checksum,expiration,termination")
        .header("Tus-Checksum-Algorithm", "sha1,sha256")
        .header("Tus-Max-Size", store.maxBytes())
        .build();
  }

  @POST
  @Path("{id}/files")
  @Operation(summary = "Announce a file (tus creation): Upload-Length, Upload-Metadata filename")
  @APIResponse(responseCode = "201", description = "Announced; Location is where chunks go")
  @APIResponse(responseCode = "409", description = "There is a file of that name")
  @APIResponse(responseCode = "413", description = "Too large")
  public Uni<RestResponse<Void>> announce(
      @PathParam("id") String id,
      @HeaderParam(TusHeaders.RESUMABLE) String version,
      @HeaderParam(TusHeaders.LENGTH) String length,
      @HeaderParam(TusHeaders.METADATA) String metadata) {
    return offLoop(
        () -> {
          TusHeaders.requireVersion(version);
          Map<String, String> pairs = TusHeaders.metadata(metadata);
          String name = required(pairs);
          UploadedFile file =
              store.announce(id, name, TusHeaders.count(TusHeaders.LENGTH, length), sha256(pairs));
          return tus(RestResponse.Status.CREATED)
              .location(URI.create("/v1/uploads/%s/files/%s".formatted(id, file.name())))
              .header(TusHeaders.OFFSET, file.offset())
              .header(TusHeaders.EXPIRES, httpDate(store))
              .build();
        });
  }

  private static String required(Map<String, String> metadata) {
    String name = metadata.get("filename");
    if (name == null) {
      throw new UploadProblem.BadHeader(TusHeaders.METADATA, "must give a filename");
    }
    return name;
  }

  private static String sha256(Map<String, String> metadata) {
    String digest = metadata.get("sha256");
    if (digest != null && !SHA256.matcher(digest).matches()) {
      throw new UploadProblem.BadHeader(
          TusHeaders.METADATA, "gives a sha256 that is not 64 lower-case hex digits");
    }
    return digest;
  }

  @HEAD
  @Path("{id}/files/{name}")
  @Operation(summary = "How far a file is: Upload-Offset, Upload-Length")
  public Uni<RestResponse<Void>> offset(
      @PathParam("id") String id,
      @PathParam("name") String name,
      @HeaderParam(TusHeaders.RESUMABLE) String version) {
    return offLoop(
        () -> {
          TusHeaders.requireVersion(version);
          UploadedFile file = store.file(id, name);
          return tus(RestResponse.Status.OK)
              .header(TusHeaders.OFFSET, file.offset())
              .header(TusHeaders.LENGTH, file.length())
              .header(TusHeaders.EXPIRES, httpDate(store))
              .header("Cache-Control", "no-store")
              .build();
        });
  }

  @DELETE
  @Path("{id}/files/{name}")
  @Operation(summary = "Remove a file (tus termination)")
  public Uni<RestResponse<Void>> remove(
      @PathParam("id") String id,
      @PathParam("name") String name,
      @HeaderParam(TusHeaders.RESUMABLE) String version) {
    return offLoop(
        () -> {
          TusHeaders.requireVersion(version);
          store.delete(id, name);
          return tus(RestResponse.Status.NO_CONTENT).build();
        });
  }

  static String httpDate(UploadStore store) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(store.expiry().atOffset(ZoneOffset.UTC));
  }

  private static ResponseBuilder<Void> tus(RestResponse.Status status) {
    return ResponseBuilder.<Void>create(status).header(TusHeaders.RESUMABLE, TusHeaders.VERSION);
  }

  private static <T> Uni<T> offLoop(Supplier<T> work) {
    return Uni.createFrom().item(work).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }
}
