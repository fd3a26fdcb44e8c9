package dev.facet.telemetry.adapter.persistence;

import dev.facet.kernel.event.ClientMetricsReported;
import dev.facet.telemetry.application.AggregateStore;
import dev.facet.telemetry.application.LogStretch;
import dev.facet.telemetry.config.AggregationConfig;
import dev.facet.telemetry.domain.aggregate.CountedEvents;
import dev.facet.telemetry.domain.aggregate.Tally;
import dev.facet.telemetry.domain.aggregate.Windows;
import io.agroal.api.AgroalDataSource;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts a stretch of the log in one transaction. Its partitions are locked first, so that two
 * replicas that hold one partition for a moment, as around a rebalance, count one after the other
 * and the second finds the ids of the first. All of a session lies in one partition; only cells are
 * shared, and these are locked last and in the order of {@link
 * dev.facet.telemetry.domain.aggregate.CellKey}.
 */
@ApplicationScoped
class SqlAggregates implements AggregateStore {
  private final AgroalDataSource database;
  private final AggregationConfig config;
  private final Windows windows;
  private final DayPartitions days;

  SqlAggregates(AgroalDataSource database, AggregationConfig config, DayPartitions days) {
    this.database = database;
    this.config = config;
    this.windows = new Windows(config.window());
    this.days = days;
  }

  @Override
  public Tally count(LogStretch stretch) {
    Instant now = Instant.now();
    Instant oldest = now.minus(config.retention());
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        days.make(connection, daysOf(stretch, now, oldest));
        Tally tally = count(connection, stretch, oldest);
        connection.commit();
        return tally;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      days.forgetKnown();
      throw SqlStates.blameData(e) ? new Refused(e) : new Away(e);
    } catch (IllegalArgumentException | NullPointerException | ArithmeticException e) {
      throw new Refused(e);
    }
  }

  private Tally count(Connection connection, LogStretch stretch, Instant oldest)
      throws SQLException {
    SqlLog.lock(connection, stretch.nextOffsets());
    Set<String> sessions =
        stretch.reports().stream()
            .map(ClientMetricsReported::session)
            .collect(Collectors.toCollection(TreeSet::new));
    CountedEvents counted = SqlLog.counted(connection, sessions);
    Tally tally = new Tally(windows, counted, oldest);
    stretch.reports().forEach(tally::add);
    SqlLog.remember(connection, counted);
    SqlVotes.add(connection, tally.cells());
    SqlCells.add(connection, tally.cells());
    return tally;
  }

  private Set<Instant> daysOf(LogStretch stretch, Instant now, Instant oldest) {
    Set<Instant> days = new TreeSet<>();
    days.add(DayPartitions.dayOf(now));
    stretch.reports().stream()
        .flatMap(
            report ->
                Stream.of(
                        report.loads().stream().map(ClientMetricsReported.Load::source),
                        report.generations().stream().map(ClientMetricsReported.Generation::source),
                        report.failures().stream().map(ClientMetricsReported.Failure::source))
                    .flatMap(sources -> sources))
        .map(ClientMetricsReported.Source::at)
        .filter(at -> !at.isBefore(oldest))
        .forEach(at -> days.add(DayPartitions.dayOf(windows.startOf(at))));
    return days;
  }

  @Override
  public void prepare(Instant now) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      Instant today = DayPartitions.dayOf(now);
      days.make(connection, Set.of(today, DayPartitions.dayAfter(today)));
    } catch (SQLException e) {
      throw new Away(e);
    }
  }

  @Override
  public Uni<Void> forget(Instant aggregatesBefore, Instant eventsBefore) {
    return Uni.createFrom()
        .voidItem()
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .invoke(() -> forgetNow(aggregatesBefore, eventsBefore));
  }

  private void forgetNow(Instant aggregatesBefore, Instant eventsBefore) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(true);
      days.drop(connection, aggregatesBefore, eventsBefore);
      delete(connection, "delete from delivery where window_start < ?", aggregatesBefore);
      delete(connection, "delete from inbox where received_at < ?", eventsBefore);
    } catch (SQLException e) {
      throw new Away(e);
    }
  }

  private static void delete(Connection connection, String sql, Instant before)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, before.atOffset(ZoneOffset.UTC));
      statement.executeUpdate();
    }
  }
}
