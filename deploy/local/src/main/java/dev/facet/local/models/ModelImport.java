package dev.facet.local.models;

import dev.facet.local.mesh.MeshException;
import dev.facet.local.terminal.Terminal;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/** Imports one model and shows how far it is. */
public final class ModelImport {

  /** What is waited for. */
  public enum Goal {
    /** That the mesh has taken the import on. */
    BEGUN,
    /** A first edition, with which browsers can run the model. */
    USABLE,
    /** The last edition. */
    BEST
  }

  private static final int PERCENT = 100;

  private static final int LONGEST_CALIBRATION = 4_000_000;
  private static final Duration POLL = Duration.ofMillis(400);
  private static final Duration OUTAGE_PATIENCE = Duration.ofSeconds(90);

  private final MeshClient client;
  private final ModelFolder folder;
  private final Terminal terminal;
  private final Goal goal;

  public ModelImport(MeshClient client, ModelFolder folder, Terminal terminal, Goal goal) {
    this.client = client;
    this.folder = folder;
    this.terminal = terminal;
    this.goal = goal;
  }

  /**
   * Imports a model.
   *
   * @param source a folder, a GGUF file, an http(s) URL, {@code hf:org/name@revision}, an {@code
   *     upload:id}, or a name in the models directory
   * @param id null to derive one from the source
   * @param calibration a text; null for none
   * @return the id of the model
   * @throws ProblemException when the mesh refuses the model or fails to import it
   * @throws MeshException when there is no such source
   */
  public String run(String source, String id, Path calibration)
      throws IOException, InterruptedException {
    String text = read(calibration);
    Path path = isRemote(source) ? null : existing(source);
    return path == null
        ? follow(client.startImport(source, id, text))
        : importFolder(path, id, text);
  }

  private static boolean isRemote(String source) {
    return source.matches("(?i)(https?://|hf:|upload:).+");
  }

  /** The folder, or null when the source is a name in the models directory. */
  private Path existing(String source) {
    try {
      Path path = Path.of(source);
      if (Files.isDirectory(path) || Files.isRegularFile(path) && ModelFolder.isGguf(path)) {
        return path;
      }
      if (Files.isDirectory(folder.directory().resolve(source))) {
        return null;
      }
    } catch (InvalidPathException e) {
      throw new MeshException("'%s' is not a path.".formatted(source), e);
    }
    throw new MeshException(
        "There is no folder %s, neither here nor in %s.%n".formatted(source, folder.directory())
            + "A source is a folder, a GGUF file, an http(s) URL or hf:org/name@revision.");
  }

  private String importFolder(Path path, String id, String text)
      throws IOException, InterruptedException {
    String name = ModelFolder.idOf(id == null ? path.toRealPath().getFileName().toString() : id);
    ModelFolder.Staged staged;
    try (Terminal.Bar bar = terminal.bar("copy " + name, 0, "bytes")) {
      staged = folder.stage(path, name, bar::at);
    }
    try {
      return follow(client.startImport(staged.name(), id, text));
    } catch (ProblemException e) {
      if (staged.fresh()) {
        folder.remove(staged.name());
      }
      throw e;
    }
  }

  private static String read(Path calibration) throws IOException {
    if (calibration == null) {
      return null;
    }
    if (!Files.isRegularFile(calibration)) {
      throw new MeshException("There is no text %s to calibrate with.".formatted(calibration));
    }
    String text;
    try {
      text = Files.readString(calibration);
    } catch (CharacterCodingException e) {
      throw new MeshException("%s is not UTF-8 text.".formatted(calibration), e);
    }
    if (text.length() > LONGEST_CALIBRATION) {
      throw new MeshException(
          "%s has %d characters; the most that can be calibrated with is %d."
              .formatted(calibration, text.length(), LONGEST_CALIBRATION));
    }
    return text;
  }

  private String follow(String id) throws IOException, InterruptedException {
    if (goal == Goal.BEGUN) {
      return id;
    }
    if (client.model(id).fetching()) {
      follow(id, "fetch " + id, next -> !next.fetching());
    }
    ImportedModel model = follow(id, "import " + id, ImportedModel::published);
    if (goal == Goal.USABLE || !model.improving()) {
      return id;
    }
    terminal.say("%s can be used; a better edition of it is being made.".formatted(id));
    ImportedModel end = follow(id, "calibrate " + id, ImportedModel::ended);
    if (end.problem() != null) {
      throw ProblemException.ofFailure(end.problem());
    }
    return id;
  }

  private ImportedModel follow(String id, String task, Predicate<ImportedModel> done)
      throws IOException, InterruptedException {
    try (Terminal.Bar bar = terminal.bar(task, PERCENT, "%")) {
      Instant lastAnswer = Instant.now();
      while (true) {
        try {
          ImportedModel model = client.model(id);
          lastAnswer = Instant.now();
          if (done.test(model)) {
            bar.at(PERCENT, PERCENT);
            return model;
          }
          if (model.failed()) {
            throw ProblemException.ofFailure(model.problem());
          }
          show(model, bar);
        } catch (IOException | ProblemException e) {
          if (!passing(e) || Instant.now().isAfter(lastAnswer.plus(OUTAGE_PATIENCE))) {
            throw e;
          }
        }
        Thread.sleep(POLL.toMillis());
      }
    }
  }

  private static void show(ImportedModel model, Terminal.Bar bar) {
    if (model.secondsLeft() != null) {
      bar.note("about %d s left".formatted(model.secondsLeft()));
    }
    if (model.total() > 0) {
      bar.at(PERCENT * model.done() / model.total(), PERCENT);
    }
  }

  /** Whether the mesh may answer again: quantization is started anew when it ends. */
  private static boolean passing(Exception e) {
    return e instanceof IOException
        || e instanceof ProblemException problem && problem.unavailable();
  }
}
