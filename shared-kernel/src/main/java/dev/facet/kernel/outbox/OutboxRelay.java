package dev.facet.kernel.outbox;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Tells Kafka what the outbox holds. One replica at a time relays (an advisory lock), so events of
 * one key keep their order; an entry is removed in the transaction that saw Kafka acknowledge it,
 * so it is told at least once.
 */
@ApplicationScoped
public class OutboxRelay {
  private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
  private static final long LOCK = 0x0b0ce7L;
  private static final int BATCH = 200;
  private static final String TRY_LOCK = "select pg_try_advisory_xact_lock($1) as locked";
  private static final String OLDEST =
      "select position, event_id, topic, record_key, type, body, occurred_at from outbox order by position limit $1";
  private static final String REMOVE = "delete from outbox where position <= $1";

  private final Vertx vertx;
  private final Pool pool;
  private final OutboxChannel channel;
  private final long periodMs;
  private final AtomicBoolean relaying = new AtomicBoolean();
  private long timer = -1;

  OutboxRelay(
      Vertx vertx,
      Pool pool,
      OutboxChannel channel,
      @ConfigProperty(name = "facet.outbox.period-ms", defaultValue = "100") long periodMs) {
    this.vertx = vertx;
    this.pool = pool;
    this.channel = channel;
    this.periodMs = periodMs;
  }

  void start(@Observes StartupEvent event) {
    timer = vertx.setPeriodic(periodMs, id -> tick());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(timer);
  }

  private void tick() {
    if (!relaying.compareAndSet(false, true)) {
      return;
    }
    relay()
        .onTermination()
        .invoke(() -> relaying.set(false))
        .subscribe()
        .with(
            told -> LOG.tracef("told %d events", told),
            failure ->
                LOG.warnf(
                    "events stay in the outbox and are tried again: %s", failure.getMessage()));
  }

  /** Tells one batch; the number of events told. */
  Uni<Integer> relay() {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(TRY_LOCK)
                .execute(Tuple.of(LOCK))
                .chain(
                    rows ->
                        rows.iterator().next().getBoolean("locked")
                            ? tellOldest(connection)
                            : Uni.createFrom().item(0)));
  }

  private Uni<Integer> tellOldest(SqlConnection connection) {
    return connection
        .preparedQuery(OLDEST)
        .execute(Tuple.of(BATCH))
        .chain(
            rows -> {
              List<Row> entries = rows.stream().toList();
              return entries.isEmpty() ? Uni.createFrom().item(0) : tell(connection, entries);
            });
  }

  private Uni<Integer> tell(SqlConnection connection, List<Row> entries) {
    long last = entries.get(entries.size() - 1).getLong("position");
    return Multi.createFrom()
        .iterable(entries)
        .onItem()
        .transformToUniAndConcatenate(row -> channel.send(row).replaceWith(row))
        .collect()
        .last()
        .chain(row -> connection.preparedQuery(REMOVE).execute(Tuple.of(last)))
        .replaceWith(entries.size());
  }
}
