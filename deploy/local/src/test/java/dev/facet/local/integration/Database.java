package dev.facet.local.integration;

import dev.facet.local.mesh.Mesh;
import dev.facet.local.mesh.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A service's own database, to see what no endpoint shows. */
final class Database implements AutoCloseable {

  private final Connection connection;

  Database(Mesh mesh, Service service) {
    int port = mesh.process("postgresql").orElseThrow().port();
    String url = "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, service.database());
    try {
      String password = Files.readString(mesh.data().secrets().resolve("database")).trim();
      connection = DriverManager.getConnection(url, service.database(), password);
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  long count(String sql, Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
