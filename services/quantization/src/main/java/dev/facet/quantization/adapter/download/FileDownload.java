package dev.facet.quantization.adapter.download;

import dev.facet.kernel.problem.DomainProblem;
import dev.facet.quantization.application.FetchProgress;
import dev.facet.quantization.domain.source.FetchProblem;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Brings one file: resumes what is there, tries again after a cut, checks size and digest. */
final class FileDownload {
  private static final int ATTEMPTS = 5;
  private static final long FIRST_PAUSE_MS = 200;

  private final Vertx vertx;
  private final GuardedClient client;
  private final URI url;
  private final String secret;
  private final PartialFile file;
  private final FetchProgress progress;
  private final long limit;
  private int failures;
  private long lastFailure;
  private long counted;
  private long announced;

  /**
   * @param limit most bytes of all files together
   */
  FileDownload(
      Vertx vertx,
      GuardedClient client,
      URI url,
      String secret,
      PartialFile file,
      FetchProgress progress,
      long limit) {
    this.vertx = vertx;
    this.client = client;
    this.url = url;
    this.secret = secret;
    this.file = file;
    this.progress = progress;
    this.limit = limit;
  }

  /**
   * The status of the last answer: 200 once the file is there, 404 if there is none. Fails with a
   * {@link DomainProblem} for any other end.
   */
  Future<Integer> run() {
    return blocking(file::resumable).compose(this::attempt).recover(this::again);
  }

  private Future<Integer> attempt(long resumable) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    if (resumable > 0) {
      headers.set("Range", "bytes=%d-".formatted(resumable));
    }
    return client.get(url, headers, secret).compose(reply -> settle(reply, resumable));
  }

  private Future<Integer> settle(Reply reply, long resumable) {
    switch (reply.status()) {
      case 200, 206:
        return receive(reply, resumable);
      case 416:
        reply.discard();
        return restart();
      case 404:
        reply.discard();
        return Future.succeededFuture(404);
      default:
        reply.discard();
        return Future.failedFuture(
            reply.status() >= 500 || reply.status() == 429 || reply.status() == 408
                ? new IOException("status " + reply.status())
                : new FetchProblem.NotGiven(url.toString(), reply.status()));
    }
  }

  /** The part there is does not belong to what the host has now. */
  private Future<Integer> restart() {
    return blocking(
            () -> {
              file.keepOnly(null);
              return 0L;
            })
        .compose(this::attempt);
  }

  private Future<Integer> receive(Reply reply, long resumable) {
    String tag = reply.tag();
    long size;
    long begin;
    try {
      size = reply.size();
      begin = reply.begin();
      announce(size);
    } catch (FetchProblem problem) {
      reply.discard();
      return Future.failedFuture(problem);
    }
    return blocking(() -> plan(reply, tag, size, begin, resumable))
        .onFailure(failure -> reply.discard())
        .compose(step -> take(step, reply, tag, size, begin));
  }

  private Future<Integer> take(Step step, Reply reply, String tag, long size, long begin) {
    if (step == Step.WRITE) {
      return write(reply, tag, begin).compose(end -> finish(tag, size, end));
    }
    reply.discard();
    if (step == Step.RESTART) {
      return restart();
    }
    count(size);
    return Future.succeededFuture(200);
  }

  private enum Step {
    DONE,
    RESTART,
    WRITE
  }

  private Step plan(Reply reply, String tag, long size, long begin, long resumable)
      throws IOException {
    if (file.isDone(tag, size)) {
      return Step.DONE;
    }
    boolean joins = begin == resumable && file.present(tag) == begin;
    if (reply.status() == 206 && !joins) {
      return Step.RESTART;
    }
    file.keepOnly(tag);
    return Step.WRITE;
  }

  private void announce(long size) {
    if (size > announced) {
      progress.announced(size - announced);
      announced = size;
    }
    if (progress.total() > limit) {
      throw new FetchProblem.TooLarge(file.name(), limit);
    }
  }

  private void count(long reached) {
    progress.came(reached - counted);
    counted = reached;
  }

  /** Why no more shall come; empty while more may. */
  private Optional<FetchProblem> stopped() {
    if (progress.isStopped()) {
      return Optional.of(new FetchProblem.Unreachable(url.toString(), "nobody wants it any more"));
    }
    return progress.done() > limit
        ? Optional.of(new FetchProblem.TooLarge(file.name(), limit))
        : Optional.empty();
  }

  private Future<Long> write(Reply reply, String tag, long begin) {
    OpenOptions options = new OpenOptions().setWrite(true).setCreate(true);
    if (begin == 0) {
      options.setTruncateExisting(true);
    }
    return vertx
        .fileSystem()
        .open(file.part(tag).toString(), options)
        .onFailure(failure -> reply.discard())
        .compose(
            out -> {
              out.setWritePos(begin);
              count(begin);
              return new BodyWriter(reply, out, url, this::stopped)
                  .write(begin, this::count)
                  .compose(
                      end -> out.flush().compose(flushed -> out.close()).map(end),
                      failure -> out.close().transform(closed -> Future.failedFuture(failure)));
            });
  }

  private Future<Integer> finish(String tag, long size, long end) {
    announce(end);
    return blocking(
        () -> {
          if (size >= 0 && size != end) {
            Files.delete(file.part(tag));
            throw new FetchProblem.WrongSize(file.name(), size, end);
          }
          String digest = file.digest(tag);
          if (digest != null && !digest.equals(tag)) {
            Files.delete(file.part(tag));
            throw new FetchProblem.WrongDigest(file.name(), tag, digest);
          }
          file.complete(tag);
          return 200;
        });
  }

  /** A cut that came after progress does not count as another failure in a row. */
  private Future<Integer> again(Throwable failure) {
    if (failure instanceof DomainProblem) {
      return Future.failedFuture(failure);
    }
    failures = counted > lastFailure ? 1 : failures + 1;
    lastFailure = counted;
    if (failures >= ATTEMPTS || progress.isStopped()) {
      return Future.failedFuture(new FetchProblem.Unreachable(url.toString(), reason(failure)));
    }
    Promise<Void> pause = Promise.promise();
    vertx.setTimer(FIRST_PAUSE_MS << failures, timer -> pause.complete());
    return pause.future().compose(rested -> run());
  }

  private static String reason(Throwable failure) {
    String said = failure.getMessage();
    return said == null ? failure.getClass().getSimpleName() : said;
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }
}
