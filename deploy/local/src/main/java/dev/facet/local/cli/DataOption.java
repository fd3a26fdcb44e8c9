package dev.facet.local.cli;

import dev.facet.local.mesh.DataDirectory;
import dev.facet.local.mesh.Installation;
import dev.facet.local.mesh.MeshException;
import dev.facet.local.mesh.MeshState;
import dev.facet.local.mesh.StateFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that says which mesh is meant. */
final class DataOption {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the mesh keeps its data (default: $FACET_DATA, or .facet/data).")
  private Path path;

  Path path(Installation installation) {
    return path == null ? installation.defaultData() : path;
  }

  DataDirectory directory() {
    return DataDirectory.at(path(Installation.find()));
  }

  /** The running mesh, if there is one. */
  Optional<MeshState> running() {
    return new StateFile(directory().state()).read().filter(MeshState::running);
  }

  /** The running mesh that a browser can use. */
  MeshState requireReady() {
    MeshState state =
        running()
            .orElseThrow(
                () ->
                    new MeshException(
                        "No mesh runs on %s.%nStart one: ./facet up --detach"
                            .formatted(directory().path())));
    if (!state.ready()) {
      throw new MeshException("The mesh is still starting; try again when it has printed its URL.");
    }
    return state;
  }
}
