package dev.facet.local.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.facet.local.cli.FacetCommand;
import dev.facet.local.process.Ports;
import dev.facet.local.process.ProcessRecord;
import dev.facet.local.process.Termination;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands as processes, over the real Kafka and PostgreSQL: what a user does to them and what
 * an operating system does to them.
 */
class LauncherIT {

  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration END = Duration.ofSeconds(60);

  private static Installation installation;

  @TempDir private Path folder;
  private Path data;
  private final List<Process> launchers = new ArrayList<>();

  @BeforeAll
  static void makeInstallation() throws IOException {
    Path built = Path.of(System.getProperty("facet.root"), "deploy/local/target").normalize();
    installation = StandInInstallation.create(built.resolve("check out"));
  }

  @BeforeEach
  void prepare() {
    data = folder.resolve("data dir");
  }

  @AfterEach
  void endEverything() throws Exception {
    run("down");
    launchers.forEach(launcher -> Termination.end(launcher.toHandle(), END));
  }

  /** One mesh for all of a long run: each start of another takes a quarter of a minute. */
  @Test
  void upServesThroughADeathUntilItIsToldToEndAndLeavesNothingBehind() throws Exception {
    // Given
    Process up = up();
    MeshState state = awaitReady();

    // When
    Result second = run("up", "--port", "0");
    Result status = run("status", "--json");

    // Then
    assertThat(second.exitCode()).isZero();
    assertThat(second.output()).contains("already runs at " + state.url());
    assertThat(status.exitCode()).isZero();
    assertThat(status.output()).contains("\"healthy\":true", "postgresql", "kafka", "telemetry");
    aServiceThatDiesIsStartedAgainWhileTheOriginAnswersForIt(state);
    MeshState last = awaitReady();
    up.destroy();
    assertThat(Termination.ended(up.toHandle(), END)).isTrue();
    assertNothingRuns(last);
    assertThat(run("status").exitCode()).isEqualTo(3);
  }

  private void aServiceThatDiesIsStartedAgainWhileTheOriginAnswersForIt(MeshState state) {
    // Given
    ProcessRecord before = process(state, "telemetry");
    List<Integer> answers = new CopyOnWriteArrayList<>();
    Thread reader = new Thread(() -> readAgainAndAgain(state.url() + "/v1/policies", answers));
    reader.start();
    await().atMost(END).until(() -> answers.contains(200));

    // When
    before.find().orElseThrow().destroyForcibly();

    // Then
    await().atMost(END).until(() -> isAnother(process(state().orElseThrow(), "telemetry"), before));
    await().atMost(END).until(() -> answers.contains(503) && last(answers) == 200);
    reader.interrupt();
    assertThat(answers).containsOnly(200, 503);
  }

  @Test
  void whatAKilledLauncherLeftBehindIsTakenOverByUpAndEndedByDown() throws Exception {
    // Given
    Process first = up();
    MeshState orphaned = awaitReady();
    first.destroyForcibly().waitFor();
    assertThat(orphaned.processes()).allSatisfy(left -> assertThat(left.find()).isPresent());

    // When
    Process second = up();
    await().atMost(START).until(() -> state().filter(s -> isAnother(s, orphaned)).isPresent());

    // Then
    assertThat(orphaned.processes()).allSatisfy(left -> assertThat(left.find()).isEmpty());

    // When
    MeshState again = awaitReady();
    second.destroyForcibly().waitFor();
    Result down = run("down");

    // Then
    assertThat(down.output()).contains("kafka", "postgresql", "telemetry");
    assertNothingRuns(again);
  }

  @Test
  void upInTheBackgroundReturnsOnceReadyAndDownEndsIt() throws Exception {
    // When
    Result up = run("up", "--detach", "--port", "0", "--no-samples");
    MeshState state = state().orElseThrow();
    Result down = run("down");

    // Then
    assertThat(up.output()).contains("Facet is ready: " + state.url()).doesNotContain("import");
    assertThat(up.exitCode()).isZero();
    assertThat(down.exitCode()).isZero();
    assertNothingRuns(state);
  }

  @Test
  void endingItWhileItStartsLeavesNothingBehindEither() throws Exception {
    // Given
    Process up = up();
    await().atMost(START).until(() -> state().filter(s -> !s.processes().isEmpty()).isPresent());
    MeshState state = state().orElseThrow();

    // When
    up.destroy();

    // Then
    assertThat(Termination.ended(up.toHandle(), END)).isTrue();
    assertNothingRuns(state);
  }

  @Test
  void aTakenPortIsNamedBeforeAnythingStarts() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // When
      Result up = run("up", "--port", String.valueOf(taken.getLocalPort()));

      // Then
      assertThat(up.exitCode()).isEqualTo(1);
      assertThat(up.output())
          .contains("Port " + taken.getLocalPort(), "pid " + ProcessHandle.current().pid());
      assertThat(data.resolve("postgresql")).doesNotExist();
      assertThat(data.resolve("lock")).doesNotExist();
    }
  }

  @Test
  void aCommandThatNeedsAMeshSaysSo() throws Exception {
    // When
    Result result = run("import", folder.toString());

    // Then
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("No mesh runs on", "./facet up");
  }

  private boolean isAnother(MeshState now, MeshState before) {
    return now.ready() && now.launcher().pid() != before.launcher().pid();
  }

  private void assertNothingRuns(MeshState state) {
    assertThat(state.processes()).allSatisfy(left -> assertThat(left.find()).isEmpty());
    assertThat(state().isPresent()).isFalse();
    assertThat(data.resolve("lock")).doesNotExist();
    assertThat(data.resolve("postgresql/postmaster.pid")).doesNotExist();
    assertThat(Ports.accepts(URI.create(state.url()).getPort())).isFalse();
  }

  private ProcessRecord process(MeshState state, String name) {
    return state.processes().stream()
        .filter(process -> process.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Optional<MeshState> state() {
    return new StateFile(data.resolve("mesh.json")).read();
  }

  private MeshState awaitReady() {
    await().atMost(START).until(() -> state().filter(MeshState::ready).isPresent());
    return state().orElseThrow();
  }

  private static boolean isAnother(ProcessRecord now, ProcessRecord before) {
    return now.pid() != before.pid();
  }

  private static int last(List<Integer> answers) {
    return answers.get(answers.size() - 1);
  }

  private static void readAgainAndAgain(String url, List<Integer> answers) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    HttpClient http = HttpClient.newHttpClient();
    try {
      while (true) {
        answers.add(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        Thread.sleep(20);
      }
    } catch (IOException e) {
      answers.add(-1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process up() throws IOException {
    Process process =
        command("up", "--port", "0", "--no-samples")
            .redirectOutput(folder.resolve("up.log").toFile())
            .start();
    launchers.add(process);
    return process;
  }

  private record Result(int exitCode, String output) {}

  private Result run(String... arguments) throws Exception {
    Path output = Files.createTempFile(folder, "output", ".log");
    Process process = command(arguments).redirectOutput(output.toFile()).start();
    launchers.add(process);
    int exitCode = process.waitFor();
    return new Result(exitCode, Files.readString(output));
  }

  private ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-Dfacet.root=" + installation.root());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(FacetCommand.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("FACET_DATA", data.toString());
    return builder;
  }
}
