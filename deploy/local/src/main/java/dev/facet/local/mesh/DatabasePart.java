package dev.facet.local.mesh;

import dev.facet.local.process.Termination;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The PostgreSQL cluster with one database for each service. */
final class DatabasePart implements Part {

  static final String NAME = "postgresql";

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration START_PATIENCE = Duration.ofSeconds(90);
  private static final int VALIDITY_TIMEOUT_S = 2;

  private final DataDirectory data;
  private final Secrets secrets;
  private final int port;
  private volatile EmbeddedPostgres postgres;

  DatabasePart(DataDirectory data, Secrets secrets, int port) {
    this.data = data;
    this.secrets = secrets;
    this.port = port;
    // Binaries are unpacked here and not in the shared directory for temporary files.
    System.setProperty("ot.epg.working-dir", data.path().resolve("postgresql-binaries").toString());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Path directory() {
    return data.postgresql();
  }

  @Override
  public Path log() {
    return data.log(name());
  }

  @Override
  public ProcessHandle launch() throws IOException {
    releasePrevious();
    Cluster cluster = new Cluster(data.postgresql());
    cluster.discardUnfinished();
    cluster.clearStaleLocks();
    postgres = start();
    if (!cluster.finished()) {
      createDatabases();
      cluster.markFinished();
    }
    return cluster.postmaster().orElseThrow(() -> new IOException("PostgreSQL has no postmaster"));
  }

  private EmbeddedPostgres start() throws IOException {
    Path password = secrets.file("database");
    try {
      return EmbeddedPostgres.builder()
          .setDataDirectory(data.postgresql())
          .setCleanDataDirectory(false)
          .setRegisterShutdownHook(false)
          .setPort(port)
          .setPGStartupWait(START_PATIENCE)
          // Off by default in this library, which is made for tests.
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("full_page_writes", "on")
          .setServerConfig("max_connections", "120")
          // TCP only: a socket in /tmp is shared by all users and outlives a crash.
          .setServerConfig("unix_socket_directories", "")
          .setServerConfig("listen_addresses", MeshOptions.LOOPBACK)
          .setLocaleConfig("auth", "scram-sha-256")
          .setLocaleConfig("pwfile", password.toString())
          .setConnectConfig("password", Files.readString(password))
          .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log().toFile()))
          .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log().toFile()))
          .start();
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void createDatabases() throws IOException {
    String password = secrets.get("database");
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      for (Service service : Service.values()) {
        String name = service.database();
        statement.execute("DROP DATABASE IF EXISTS %s".formatted(name));
        statement.execute("DROP ROLE IF EXISTS %s".formatted(name));
        statement.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(name, password));
        statement.execute("CREATE DATABASE %1$s OWNER %1$s".formatted(name));
      }
    } catch (SQLException e) {
      throw new IOException("PostgreSQL refused to create the databases: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean ready() {
    EmbeddedPostgres current = postgres;
    if (current == null) {
      return false;
    }
    try (Connection connection = current.getPostgresDatabase().getConnection()) {
      return connection.isValid(VALIDITY_TIMEOUT_S);
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void end(ProcessHandle process) {
    releasePrevious();
    if (process.isAlive()) {
      Termination.interrupt(process, PATIENCE);
    }
  }

  /** Stops the postmaster where it still runs, and lets go of the library's lock on the cluster. */
  private void releasePrevious() {
    EmbeddedPostgres previous = postgres;
    postgres = null;
    if (previous != null) {
      try {
        previous.close();
      } catch (IOException e) {
        throw new MeshException("PostgreSQL's lock could not be released", e);
      }
    }
  }
}
