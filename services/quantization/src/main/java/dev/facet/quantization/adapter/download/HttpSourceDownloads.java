package dev.facet.quantization.adapter.download;

import dev.facet.kernel.problem.DomainProblem;
import dev.facet.quantization.application.FetchProgress;
import dev.facet.quantization.application.SourceDownloads;
import dev.facet.quantization.application.StagedFolders;
import dev.facet.quantization.config.SourcesConfig;
import dev.facet.quantization.domain.checkpoint.JsonSource;
import dev.facet.quantization.domain.source.FetchProblem;
import dev.facet.quantization.domain.source.HubSource;
import dev.facet.quantization.domain.source.RemoteSource;
import dev.facet.quantization.domain.source.WebSource;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Brings checkpoints from the Hub and from plain folders. */
@ApplicationScoped
class HttpSourceDownloads implements SourceDownloads {
  /** Files that may be missing. */
  private static final List<String> OPTIONAL =
      List.of(
          SourceFiles.GENERATION_CONFIG,
          "preprocessor_config.json",
          "sentence_bert_config.json",
          "tokenizer_config.json");

  private final Vertx vertx;
  private final StagedFolders folders;
  private final JsonSource json;
  private final GuardedClient client;
  private final HubClient hub;
  private final HostList hosts;
  private final long limit;

  HttpSourceDownloads(
      Vertx vertx,
      StagedFolders folders,
      JsonSource json,
      HostResolver resolver,
      SourcesConfig config) {
    this.vertx = vertx;
    this.folders = folders;
    this.json = json;
    this.limit = config.maxBytes();
    this.hosts = new HostList(config.hosts());
    this.client =
        new GuardedClient(vertx, hosts, resolver, config.privateAddresses(), config.silence());
    String secret = config.hub().token().map(token -> "Bearer " + token).orElse(null);
    this.hub = new HubClient(client, json, config.hub().url(), secret);
  }

  @PreDestroy
  void stop() {
    client.close();
  }

  @Override
  public Uni<RemoteSource> pin(RemoteSource source) {
    return uni(
        source.toString(),
        () -> {
          if (source instanceof HubSource repository) {
            return hub.list(repository).map(listing -> repository.pinned(listing.commit()));
          }
          hosts.require(((WebSource) source).url());
          return Future.succeededFuture(source);
        });
  }

  @Override
  public Uni<Void> download(RemoteSource source, FetchProgress progress) {
    return uni(
        source.toString(),
        () ->
            vertx
                .executeBlocking(() -> folders.prepare(source), false)
                .compose(
                    folder ->
                        source instanceof HubSource repository
                            ? repository(repository, folder, progress)
                            : web((WebSource) source, folder, progress)));
  }

  private Future<Void> repository(HubSource source, Path folder, FetchProgress progress) {
    Fetching fetching =
        new Fetching(name -> hub.file(source, name), hub.secret(), folder, progress);
    if (source.file() != null) {
      return fetching.all(List.of(source.file()));
    }
    return hub.list(source)
        .map(listing -> SourceFiles.weights(source.toString(), listing.files()))
        .compose(fetching::checkpoint);
  }

  private Future<Void> web(WebSource source, Path folder, FetchProgress progress) {
    URI url = source.url();
    if (source.isFile()) {
      String path = url.getPath();
      String name = path.substring(path.lastIndexOf('/') + 1);
      return new Fetching(ignored -> url, null, folder, progress).all(List.of(name));
    }
    Fetching fetching = new Fetching(url::resolve, null, folder, progress);
    return fetching
        .one(SourceFiles.INDEX)
        .compose(
            status -> fetching.checkpoint(status == 404 ? SourceFiles.SINGLE : SourceFiles.INDEX));
  }

  /** The files of one source, one after the other. */
  private final class Fetching {
    private final Function<String, URI> place;
    private final String secret;
    private final Path folder;
    private final FetchProgress progress;

    Fetching(Function<String, URI> place, String secret, Path folder, FetchProgress progress) {
      this.place = place;
      this.secret = secret;
      this.folder = folder;
      this.progress = progress;
    }

    /**
     * @param weights the index, the only safetensors file, or a GGUF file
     */
    Future<Void> checkpoint(String weights) {
      if (weights.endsWith(".gguf")) {
        return all(List.of(weights));
      }
      Future<Void> settings =
          all(List.of(SourceFiles.CONFIG, SourceFiles.TOKENIZER)).compose(done -> all(OPTIONAL));
      return weights.equals(SourceFiles.SINGLE)
          ? settings.compose(done -> all(List.of(weights)))
          : settings
              .compose(done -> all(List.of(weights)))
              .compose(done -> vertx.executeBlocking(this::shards, false))
              .compose(this::all);
    }

    private List<String> shards() {
      return SourceFiles.shards(folder.resolve(SourceFiles.INDEX), json);
    }

    Future<Void> all(List<String> names) {
      Future<Void> chain = Future.succeededFuture();
      for (String name : names) {
        chain = chain.compose(done -> one(name).compose(status -> require(name, status)));
      }
      return chain;
    }

    private Future<Void> require(String name, int status) {
      return status == 200 || OPTIONAL.contains(name)
          ? Future.succeededFuture()
          : Future.failedFuture(new FetchProblem.NotGiven(place.apply(name).toString(), status));
    }

    Future<Integer> one(String name) {
      return new FileDownload(
              vertx,
              client,
              place.apply(name),
              secret,
              new PartialFile(folder, name),
              progress,
              limit)
          .run();
    }
  }

  private static <T> Uni<T> uni(String source, Supplier<Future<T>> work) {
    return Uni.createFrom()
        .completionStage(() -> work.get().toCompletionStage())
        .onFailure(failure -> !(failure instanceof DomainProblem))
        .transform(failure -> new FetchProblem.Unreachable(source, reason(failure)));
  }

  private static String reason(Throwable failure) {
    String said = failure.getMessage();
    return said == null ? failure.getClass().getSimpleName() : said;
  }
}
