package dev.facet.local.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.facet.local.process.Ports;
import dev.facet.local.process.ProcessRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL and Kafka as the launcher runs them, killed the hard way. */
class StoresIT {

  private static final Duration RECOVERY = Duration.ofSeconds(60);

  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
  private final Installation installation = Installation.find();

  @TempDir private Path folder;
  private DataDirectory data;
  private Secrets secrets;

  @BeforeEach
  void prepare() throws IOException {
    data = DataDirectory.prepare(folder.resolve("data with a space"));
    secrets = new Secrets(data.secrets());
  }

  @AfterEach
  void endScheduler() {
    scheduler.shutdownNow();
  }

  @Test
  void committedRowsSurviveTheDeathOfPostgresqlAndItComesBackByItself() throws Exception {
    // Given
    SupervisedPart database = supervised(database());
    database.start();
    try {
      execute(database, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)");
      ProcessRecord first = database.lastProcess().orElseThrow();

      // When
      first.find().orElseThrow().destroyForcibly();

      // Then
      await().atMost(RECOVERY).until(() -> restarted(database, first));
      assertThat(count(database)).isEqualTo(1);
    } finally {
      database.stop();
    }
    assertThat(database.lastProcess().orElseThrow().find()).isEmpty();
  }

  @Test
  void anotherLauncherEndsAnOrphanedPostmasterAndFindsItsData() throws Exception {
    // Given a postmaster whose launcher is gone, and a pid file
    SupervisedPart orphaned = supervised(database());
    orphaned.start();
    execute(orphaned, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)");
    writeState(orphaned.lastProcess().orElseThrow());

    // When
    List<String> ended = new Orphans(data).endUnlessInUse();

    // Then
    assertThat(ended).containsExactly("postgresql");
    assertThat(orphaned.lastProcess().orElseThrow().find()).isEmpty();
    assertThat(data.state()).doesNotExist();
    SupervisedPart next = supervised(database());
    next.start();
    try {
      assertThat(count(next)).isEqualTo(1);
    } finally {
      next.stop();
      orphaned.stop();
    }
  }

  @Test
  void aPidFileThatNamesAStrangerDoesNotKeepPostgresqlFromStarting() throws Exception {
    // Given
    SupervisedPart first = supervised(database());
    first.start();
    first.stop();
    String stranger = String.valueOf(ProcessHandle.current().pid());
    Files.writeString(data.postgresql().resolve("postmaster.pid"), stranger + "\n");

    // When
    SupervisedPart second = supervised(database());
    second.start();

    // Then
    second.stop();
    assertThat(ProcessHandle.current().isAlive()).isTrue();
  }

  @Test
  void aClusterWhoseCreationWasCutShortIsCreatedAfresh() throws Exception {
    // Given
    Files.createDirectories(data.postgresql());
    Files.writeString(data.postgresql().resolve("postgresql.conf"), "half");

    // When
    SupervisedPart database = supervised(database());
    database.start();

    // Then
    try {
      execute(database, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)");
      assertThat(count(database)).isEqualTo(1);
    } finally {
      database.stop();
    }
  }

  @Test
  void aWrongPasswordIsRefused() throws Exception {
    // Given
    SupervisedPart database = supervised(database());
    database.start();

    // When
    String url = "jdbc:postgresql://127.0.0.1:%d/telemetry".formatted(database.part().port());

    // Then
    try {
      assertThatThrownBy(() -> DriverManager.getConnection(url, "telemetry", "guess"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password");
    } finally {
      database.stop();
    }
  }

  @Test
  void kafkaComesBackByItselfAndOnOtherPorts() throws Exception {
    // Given
    SupervisedPart broker = supervised(broker());
    broker.start();
    try {
      ProcessRecord first = broker.lastProcess().orElseThrow();

      // When
      first.find().orElseThrow().destroyForcibly();

      // Then
      await().atMost(RECOVERY).until(() -> restarted(broker, first));
    } finally {
      broker.stop();
    }
    SupervisedPart elsewhere = supervised(broker());
    elsewhere.start();
    elsewhere.stop();
    assertThat(elsewhere.lastProcess().orElseThrow().find()).isEmpty();
  }

  private boolean restarted(SupervisedPart part, ProcessRecord before) {
    ProcessRecord now = part.lastProcess().orElseThrow();
    return now.pid() != before.pid() && now.find().isPresent() && part.part().ready();
  }

  private SupervisedPart supervised(Part part) {
    return new SupervisedPart(part, scheduler, Progress.SILENT, () -> {});
  }

  private Part database() throws IOException {
    return new DatabasePart(data, secrets, Ports.free(1).get(0));
  }

  private Part broker() throws IOException {
    List<Integer> ports = Ports.free(2);
    return new BrokerPart(
        data, installation.brokerJar(), new JavaCommand(), ports.get(0), ports.get(1));
  }

  private void writeState(ProcessRecord process) throws IOException {
    ProcessRecord launcher =
        new ProcessRecord("launcher", Integer.MAX_VALUE, Instant.EPOCH, null, 0);
    new StateFile(data.state())
        .write(
            new MeshState(
                launcher, "http://localhost", true, Instant.EPOCH, folder, List.of(process)));
  }

  private void execute(SupervisedPart database, String sql) throws Exception {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int count(SupervisedPart database) throws Exception {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM kept")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private Connection connect(SupervisedPart database) throws Exception {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/telemetry".formatted(database.part().port()),
        "telemetry",
        secrets.get("database"));
  }
}
