package dev.facet.streaming.application;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.identity.BundleId;
import dev.facet.kernel.identity.Digest;
import dev.facet.kernel.ladder.BlobRef;
import dev.facet.kernel.ladder.LadderIndex;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.problem.NotFound;
import dev.facet.streaming.config.BundleConfig;
import dev.facet.streaming.domain.bundle.BundleAssembler;
import dev.facet.streaming.domain.bundle.KernelSet;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;

/**
 * Bundles by id. Each is made once from what was published (concurrent requests share the work) and
 * kept in memory; a withdrawn model's bundles are gone at once.
 */
@ApplicationScoped
public class Bundles {
  private final PublishedModels models;
  private final KernelLibrary kernels;
  private final BlobStore blobs;
  private final ManifestWriter writer;
  private final AssemblyPool pool;
  private final long largestIndex;
  private final AsyncCache<String, SignedManifest> manifests;

  Bundles(
      PublishedModels models,
      KernelLibrary kernels,
      BlobStore blobs,
      ManifestWriter writer,
      AssemblyPool pool,
      BundleConfig config) {
    this.models = models;
    this.kernels = kernels;
    this.blobs = blobs;
    this.writer = writer;
    this.pool = pool;
    this.largestIndex = config.largestIndex().asLongValue();
    this.manifests =
        Caffeine.newBuilder()
            .maximumWeight(config.manifestsInMemory().asLongValue())
            .weigher((String id, SignedManifest m) -> m.body().length + m.compressed().length)
            .buildAsync();
  }

  /**
   * The signed manifest.
   *
   * @return fails with {@link NotFound} when nothing published goes by that id
   */
  public Uni<SignedManifest> get(BundleId id) {
    return Uni.createFrom().deferred(() -> find(id));
  }

  /**
   * A copy of the future is handed out: a caller that goes away must not cancel the work of others.
   */
  private Uni<SignedManifest> find(BundleId id) {
    Ingredients ingredients = ingredients(id);
    return Uni.createFrom()
        .completionStage(
            () -> manifests.get(id.toString(), (key, executor) -> make(ingredients)).copy());
  }

  private record Ingredients(BundleId id, Point point, BlobRef index, KernelSet kernels) {}

  private Ingredients ingredients(BundleId id) {
    ModelPublished model = models.now().find(id.model(), id.revision()).orElseThrow(() -> none(id));
    Point point =
        model.points().stream()
            .filter(candidate -> candidate.id().equals(id.point()))
            .findFirst()
            .orElseThrow(() -> none(id));
    BlobRef index =
        model.ladders().stream()
            .filter(ladder -> ladder.name().equals(point.ladder()))
            .findFirst()
            .orElseThrow(() -> none(id))
            .index();
    KernelSet set =
        kernels
            .kernels()
            .filter(known -> known.revision().equals(id.kernels()))
            .orElseThrow(() -> none(id));
    return new Ingredients(id, point, index, set);
  }

  private CompletableFuture<SignedManifest> make(Ingredients from) {
    Digest index = new Digest(from.index().sha256());
    return blobs
        .load(index, largestIndex)
        .emitOn(pool)
        .map(content -> assemble(from, writer.readIndex(index, content)))
        .subscribeAsCompletionStage();
  }

  private SignedManifest assemble(Ingredients from, LadderIndex ladder) {
    return writer.sign(BundleAssembler.assemble(from.id(), from.point(), ladder, from.kernels()));
  }

  private static NotFound none(BundleId id) {
    return new NotFound("bundle", id.toString());
  }
}
