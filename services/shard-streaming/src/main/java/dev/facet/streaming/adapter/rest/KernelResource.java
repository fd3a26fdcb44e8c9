package dev.facet.streaming.adapter.rest;

import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.problem.NotFound;
import dev.facet.streaming.application.Gzip;
import dev.facet.streaming.application.KernelLibrary;
import dev.facet.streaming.application.KernelLibrary.Kernel;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** WASM and WGSL modules. */
@Path("/v1/kernels")
@Tag(name = "kernels")
public class KernelResource {
  private final KernelLibrary kernels;
  private final Map<Digest, ImmutableBody> bodies = new ConcurrentHashMap<>();

  KernelResource(KernelLibrary kernels) {
    this.kernels = kernels;
  }

  @GET
  @Path("/{sha256}")
  @Operation(summary = "A kernel module by its digest")
  @APIResponse(responseCode = "200", description = "The module")
  @APIResponse(responseCode = "404", description = "No module has that digest")
  public RestResponse<byte[]> get(
      @PathParam("sha256") String sha256, @Context HttpHeaders request) {
    return bodies.computeIfAbsent(new Digest(sha256), this::body).answer(request, Map.of());
  }

  private ImmutableBody body(Digest digest) {
    Kernel kernel = kernels.find(digest).orElseThrow(() -> new NotFound("kernel", digest.hex()));
    return new ImmutableBody(
        kernel.content(),
        Gzip.compress(kernel.content()),
        digest.hex(),
        kernel.module().kind().equals("wasm") ? "application/wasm" : "text/wgsl;charset=UTF-8");
  }
}
