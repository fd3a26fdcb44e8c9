package dev.facet.streaming.adapter.rest;

import dev.facet.kernel.identity.BundleId;
import dev.facet.streaming.application.Bundles;
import dev.facet.streaming.application.ManifestSigner;
import dev.facet.streaming.application.SignedManifest;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Signed manifests and the key that signs them. */
@Path("/v1/bundles")
@Tag(name = "bundles")
public class BundleResource {
  /** A set of JSON Web Keys (RFC 7517, RFC 8037). */
  public record KeySet(List<Key> keys) {}

  /**
   * @param x the public key, base64url
   */
  public record Key(String kty, String crv, String alg, String use, String kid, String x) {}

  private final Bundles bundles;
  private final ManifestSigner signer;

  BundleResource(Bundles bundles, ManifestSigner signer) {
    this.bundles = bundles;
    this.signer = signer;
  }

  @GET
  @Path("/{id}")
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "A bundle's manifest: immutable, signed with Ed25519 over the body")
  @APIResponse(responseCode = "200", description = "The manifest")
  @APIResponse(responseCode = "304", description = "The caller has it")
  @APIResponse(responseCode = "404", description = "Nothing published goes by that id")
  public Uni<RestResponse<byte[]>> get(@PathParam("id") String id, @Context HttpHeaders request) {
    return Uni.createFrom()
        .deferred(() -> bundles.get(BundleId.parse(id)))
        .map(manifest -> answer(manifest, request));
  }

  @GET
  @Path("/keys")
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "The public key of the signatures, as a JSON Web Key Set")
  public KeySet keys() {
    ManifestSigner.PublicKey key = signer.publicKey();
    String x = Base64.getUrlEncoder().withoutPadding().encodeToString(key.raw());
    return new KeySet(List.of(new Key("OKP", "Ed25519", "EdDSA", "sig", key.id(), x)));
  }

  private static RestResponse<byte[]> answer(SignedManifest manifest, HttpHeaders request) {
    return new ImmutableBody(
            manifest.body(), manifest.compressed(), manifest.sha256(), MediaType.APPLICATION_JSON)
        .answer(request, Map.of("Facet-Signature", manifest.signature()));
  }
}
