package dev.facet.capability.domain.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.facet.capability.Samples;
import dev.facet.capability.domain.catalogue.KernelSet;
import dev.facet.capability.domain.catalogue.ModelOffer;
import dev.facet.capability.domain.catalogue.Preference;
import dev.facet.capability.domain.deviceclass.Backend;
import dev.facet.capability.domain.report.CapabilityReport;
import dev.facet.capability.domain.report.Engine;
import dev.facet.capability.domain.report.Wasm;
import dev.facet.capability.domain.report.WebGpu;
import dev.facet.kernel.event.KernelsPublished;
import dev.facet.kernel.ladder.ArchitectureConfig;
import dev.facet.kernel.ladder.Point;
import dev.facet.kernel.ladder.Quality;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanSolverTest {
  private final PlanSolver solver = new PlanSolver(1.0);
  private final ModelOffer docs = Samples.offer("docs-29m", Samples.docsShape());
  private final ModelOffer large = Samples.offer("large", Samples.largeShape());

  private static Device device(CapabilityReport report) {
    return Device.of(UUID.fromString("00000000-0000-8000-8000-000000000001"), report);
  }

  private Plan solve(CapabilityReport report, ModelOffer model, Pin pin) {
    return solver.solve(device(report), model, Samples.kernels(), Optional.empty(), pin);
  }

  private Plan solve(CapabilityReport report, ModelOffer model) {
    return solve(report, model, Pin.NOTHING);
  }

  private static Pin bits(double bits) {
    return Pin.NOTHING.withBits(bits);
  }

  private static Pin backend(Backend backend) {
    return Pin.NOTHING.withBackend(backend);
  }

  private static Pin context(int tokens) {
    return Pin.NOTHING.withMaxContext(tokens);
  }

  private static Reason reason(Plan plan, String choice) {
    return plan.reasons().stream().filter(r -> r.choice().equals(choice)).findFirst().orElseThrow();
  }

  @Test
  void encodersRunOnTheGpuAndOnWebAssemblyWhereThatIsAskedFor() {
    ModelOffer embedder = Samples.offer("docs-embed", Samples.embeddingShape());

    Plan plan = solve(Samples.gpuDesktop(), embedder);

    assertThat(plan.backend()).isEqualTo("webgpu");
    assertThat(reason(plan, "backend").runnerUp()).isEqualTo("wasm");
    assertThat(plan.contextLength()).isEqualTo(96);
    assertThat(solve(Samples.gpuDesktop(), embedder, backend(Backend.WASM)).backend())
        .isEqualTo("wasm");
  }

  @Test
  void aSoftwareAdapterLosesToWebAssembly() {
    Plan plan = solve(Samples.softwareDesktop(), docs);

    assertThat(plan.backend()).isEqualTo("wasm");
    assertThat(reason(plan, "backend").because()).contains("software rasteriser (SwiftShader)");
    assertThat(reason(plan, "backend").runnerUp()).isEqualTo("webgpu");
    assertThat(plan.bundle()).isEqualTo("docs-29m~4f2c9a1b77de~full-4~wasm~0a1b2c3d4e5f");
  }

  @Test
  void aRealGpuWins() {
    Plan plan = solve(Samples.gpuDesktop(), docs);

    assertThat(plan.backend()).isEqualTo("webgpu");
    assertThat(reason(plan, "buffers").because()).contains("fits one binding");
  }

  @Test
  void withoutAnAdapterWebAssemblyRuns() {
    Plan plan = solve(Samples.report(Engine.Family.FIREFOX, false, null, null), docs);

    assertThat(plan.backend()).isEqualTo("wasm");
    assertThat(reason(plan, "backend").because()).contains("no WebGPU adapter");
    assertThat(reason(plan, "backend").runnerUp()).isNull();
  }

  @Test
  void aPinnedBackendIsHonouredWhereItRuns() {
    assertThat(solve(Samples.softwareDesktop(), docs, backend(Backend.WEBGPU)).backend())
        .isEqualTo("webgpu");
    assertThat(solve(Samples.gpuDesktop(), docs, backend(Backend.WASM)).backend())
        .isEqualTo("wasm");
  }

  @Test
  void aPinnedBackendThatTheDeviceLacksIsRefused() {
    CapabilityReport noGpu = Samples.report(Engine.Family.FIREFOX, false, null, 8.0);
    BackendUnavailable problem =
        catchThrowableOfType(
            BackendUnavailable.class, () -> solve(noGpu, docs, backend(Backend.WEBGPU)));

    assertThat(problem.status()).isEqualTo(409);
    assertThat(problem.members()).containsEntry("available", List.of("wasm"));
  }

  @Test
  void anAdapterWithTooFewBuffersIsNoBackend() {
    WebGpu gpu = Samples.adapter("arm", "bifrost");
    WebGpu compatibility =
        new WebGpu(
            "arm",
            "bifrost",
            false,
            gpu.features(),
            gpu.wgslFeatures(),
            Samples.limits(1 << 27, 4),
            0);
    Plan plan = solve(Samples.report(Engine.Family.CHROMIUM, false, compatibility, 8.0), docs);

    assertThat(plan.backend()).isEqualTo("wasm");
    assertThat(reason(plan, "backend").because()).contains("only 4 storage buffers");
  }

  @Test
  void aBackendWithoutKernelsIsNotChosen() {
    KernelSet wasmOnly =
        new KernelSet(
            Samples.KERNELS,
            List.of(new KernelsPublished.Module("a.wasm", "wasm", "wasm", "ab".repeat(32), 1)));
    Plan plan =
        solver.solve(device(Samples.gpuDesktop()), docs, wasmOnly, Optional.empty(), Pin.NOTHING);

    assertThat(plan.backend()).isEqualTo("wasm");
    assertThat(reason(plan, "backend").because()).contains("No WebGPU kernels are published");
  }

  @Test
  void aDeviceThatRunsNothingIsToldWhy() {
    CapabilityReport report =
        new CapabilityReport(
            new Engine(Engine.Family.OTHER, false),
            null,
            new Wasm(false, false, false, false),
            false,
            true,
            8.0,
            4,
            Set.of());

    assertThatThrownBy(() -> solve(report, docs))
        .isInstanceOf(BackendUnavailable.class)
        .hasMessageContaining("no WebGPU adapter")
        .hasMessageContaining("no SIMD");
  }

  @ParameterizedTest
  @CsvSource({"2,full-2", "3,full-3", "4,full-4", "8,reference-8"})
  void pinnedBitsNameAPoint(double bits, String point) {
    assertThat(solve(Samples.gpuDesktop(), docs, bits(bits)).point().id()).isEqualTo(point);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 2.5, 5, 7, 16})
  void bitsThatAreNotStoredAreRefused(double bits) {
    PrecisionUnavailable problem =
        catchThrowableOfType(
            PrecisionUnavailable.class, () -> solve(Samples.gpuDesktop(), docs, bits(bits)));

    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.members()).containsEntry("available", List.of("2", "3", "4", "8"));
  }

  @Test
  void withoutAPinTheRichestForBrowsersIsTaken() {
    Plan plan = solve(Samples.gpuDesktop(), docs);

    assertThat(plan.point().id()).isEqualTo("full-4");
    assertThat(reason(plan, "precision").runnerUp()).isEqualTo("full-3");
    assertThat(reason(plan, "precision").because()).contains("perplexity 7.650 against 7.426");
  }

  @Test
  void aCompactPointIsTakenWhereItBeatsTheCutThatFits() {
    Point compact = Samples.point("compact-2.5", "compact", 2, large.config());
    List<Point> points = new ArrayList<>(large.points());
    points.add(
        new Point(
            compact.id(),
            compact.ladder(),
            2.75,
            3.2,
            compact.bytes(),
            new Quality(7.5, 7.426, 0.03, 0.1, 0.5, 0.95),
            compact.bits(),
            Point.DEGRADED));
    ModelOffer offer =
        new ModelOffer(
            large.id(), large.revision(), large.config(), large.tokenizerBytes(), points);

    Plan without = solve(Samples.gpuDesktop(), large);
    Plan with = solve(Samples.gpuDesktop(), offer);

    assertThat(without.point().id()).isEqualTo("full-2");
    assertThat(with.point().id()).isEqualTo("compact-2.5");
    assertThat(with.reasons().toString()).contains("labelled degraded");
  }

  @Test
  void theTunersPointIsTaken() {
    Plan plan = solveWith(Optional.of(preference("full-2")), Samples.gpuDesktop(), docs);

    assertThat(plan.point().id()).isEqualTo("full-2");
    assertThat(reason(plan, "precision").because()).contains("too slow at 4 bits.");
    assertThat(reason(plan, "precision").runnerUp()).isEqualTo("full-4");
  }

  @Test
  void aPinGoesBeforeTheTuner() {
    Plan plan =
        solver.solve(
            device(Samples.gpuDesktop()),
            docs,
            Samples.kernels(),
            Optional.of(preference("full-2")),
            bits(3));

    assertThat(plan.point().id()).isEqualTo("full-3");
  }

  @Test
  void aTunersPointThatIsGoneOrTooLargeIsPassedOver() {
    Plan gone = solveWith(Optional.of(preference("full-5")), Samples.gpuDesktop(), docs);
    assertThat(gone.point().id()).isEqualTo("full-4");
    assertThat(reason(gone, "precision").because()).contains("full-5, which is not stored");

    Plan tooLarge = solveWith(Optional.of(preference("reference-8")), Samples.gpuDesktop(), large);
    assertThat(tooLarge.point().id()).isNotEqualTo("reference-8");
  }

  private Plan solveWith(
      Optional<Preference> preference, CapabilityReport report, ModelOffer model) {
    return solver.solve(device(report), model, Samples.kernels(), preference, Pin.NOTHING);
  }

  private static Preference preference(String point) {
    return new Preference("any", "any", point, "too slow at 4 bits.", Instant.EPOCH);
  }

  @Test
  void aLargeModelIsCutToTheBudget() {
    Plan plan = solve(Samples.gpuDesktop(), large);

    assertThat(plan.memory().totalBytes()).isLessThanOrEqualTo(plan.memory().budgetBytes());
    assertThat(plan.contextLength()).isLessThan(131_072).isGreaterThanOrEqualTo(512);
    assertThat(plan.contextLength() % 64).isZero();
    assertThat(reason(plan, "context").runnerUp()).isEqualTo("131072");
    assertThat(reason(plan, "precision").because())
        .contains("It is the richest precision that fits");
  }

  @Test
  void aSmallerPinnedContextLeavesRoomForBits() {
    Plan plan = solve(Samples.gpuDesktop(), docs, context(100));

    assertThat(plan.contextLength()).isEqualTo(100);
    assertThat(reason(plan, "context").because()).contains("asks for no more");
    assertThat(solve(Samples.gpuDesktop(), docs, context(99_999)).contextLength()).isEqualTo(1024);
  }

  @Test
  void whatDoesNotFitSaysWhatWould() {
    NothingFits problem =
        catchThrowableOfType(NothingFits.class, () -> solve(Samples.gpuDesktop(), large, bits(8)));

    assertThat(problem.status()).isEqualTo(409);
    assertThat(problem.members()).containsKey("wouldFit");
    assertThat(problem).hasMessageContaining("would fit in");
  }

  @Test
  void aClientThatCannotCodeItsCacheKeepsFloats() {
    Plan plan = solve(Samples.gpuDesktop(), large);

    assertThat(plan.kv()).isEqualTo(CachePrecision.FLOAT32);
    assertThatThrownBy(
            () ->
                solve(
                    Samples.gpuDesktop(), docs, Pin.NOTHING.withCache(CachePrecision.coded(4, 4))))
        .isInstanceOf(CacheUnavailable.class)
        .hasMessageContaining("Leave 'kv' out");
  }

  @Test
  void aCacheIsCodedOnlyWhereMemoryIsShort() {
    CapabilityReport report = Samples.withCodedCaches(Samples.gpuDesktop());

    Plan roomy = solve(report, docs);
    Plan tight = solve(report, large);
    Plan asBefore = solve(Samples.gpuDesktop(), large);

    assertThat(roomy.kv()).isEqualTo(CachePrecision.FLOAT32);
    assertThat(tight.kv()).isEqualTo(CachePrecision.coded(4, 4));
    assertThat(tight.contextLength()).isGreaterThan(3 * asBefore.contextLength());
    assertThat(reason(tight, "kv").because()).contains("131072 tokens", "codes of 4 bits take");
    assertThat(reason(tight, "kv").runnerUp()).isEqualTo("f32");
  }

  @Test
  void memoryContextAndCacheMayAllBeAskedFor() {
    CapabilityReport report = Samples.withCodedCaches(Samples.gpuDesktop());
    Pin pin = Pin.NOTHING.withMemory(80_000_000).withMaxContext(512);

    Plan float32 = solve(report, docs, pin.withCache(CachePrecision.FLOAT32));
    Plan coded = solve(report, docs, pin.withCache(CachePrecision.coded(2, 2)));

    assertThat(float32.memory().totalBytes()).isLessThanOrEqualTo(80_000_000);
    assertThat(coded.memory().kvBytes()).isLessThan(float32.memory().kvBytes());
    assertThat(coded.point().bytes()).isGreaterThanOrEqualTo(float32.point().bytes());
    assertThat(reason(coded, "memory").because()).contains("The request allows no more.");
  }

  @Test
  void whatTheAskedForMemoryCannotHoldIsRefusedWithWhatWould() {
    Pin pin = Pin.NOTHING.withMemory(70_000_000).withMaxContext(512);

    NothingFits problem =
        catchThrowableOfType(
            NothingFits.class, () -> solve(Samples.gpuDesktop(), docs, pin.withBits(8)));

    assertThat(problem.members()).containsEntry("budgetBytes", 70_000_000L).containsKey("wouldFit");
  }

  @Test
  void whereNothingAtAllFitsThereIsNoAlternative() {
    NothingFits problem =
        catchThrowableOfType(NothingFits.class, () -> solve(Samples.iphone(), large));

    assertThat(problem.members()).doesNotContainKey("wouldFit").containsKey("budgetBytes");
    assertThat(problem).hasMessageContaining("smaller model");
  }

  @ParameterizedTest
  @CsvSource({
    "CHROMIUM,false,8,4294967296",
    "CHROMIUM,false,16,8589934592",
    "CHROMIUM,false,0.5,268435456",
    "CHROMIUM,true,8,1000000000",
    "CHROMIUM,true,1,536870912",
    "WEBKIT,false,,1000000000",
    "WEBKIT,true,,1000000000",
    "FIREFOX,false,,2147483648",
  })
  void theBudgetFollowsThePlatform(Engine.Family family, boolean mobile, Double gib, long budget) {
    CapabilityReport report =
        Samples.report(family, mobile, Samples.adapter("nvidia", "ampere"), gib);

    assertThat(MemoryBudget.of(report, Backend.WEBGPU).bytes()).isEqualTo(budget);
    assertThat(MemoryBudget.of(report, Backend.WASM).bytes()).isLessThanOrEqualTo(3840L << 20);
  }

  @Test
  void threadsNeedKernelsBuiltForThem() {
    assertThat(solve(Samples.softwareDesktop(), docs).threads()).isEqualTo(1);

    KernelSet threaded =
        new KernelSet(
            Samples.KERNELS,
            List.of(
                new KernelsPublished.Module(
                    "facet-simd128-threads.wasm", "wasm", "wasm", "ab".repeat(32), 1)));
    Plan plan =
        solver.solve(
            device(Samples.softwareDesktop()), docs, threaded, Optional.empty(), Pin.NOTHING);
    assertThat(plan.threads()).isEqualTo(4);
    assertThat(reason(plan, "threads").runnerUp()).isEqualTo("1");
  }

  @Test
  void aTensorBeyondOneBindingIsNoted() {
    WebGpu gpu = Samples.adapter("intel", "xe");
    WebGpu small =
        new WebGpu(
            "intel",
            "xe",
            false,
            gpu.features(),
            gpu.wgslFeatures(),
            Samples.limits(1 << 20, 8),
            0);
    Plan plan = solve(Samples.report(Engine.Family.CHROMIUM, false, small, 8.0), docs);

    assertThat(reason(plan, "buffers").value()).isEqualTo("4");
    assertThat(reason(plan, "buffers").because()).contains("split by rows");
  }

  static Stream<ArchitectureConfig> shapes() {
    return Stream.of(Samples.docsShape(), Samples.largeShape());
  }

  /** Laws over many devices: within budget, deterministic, a reason for each choice. */
  @ParameterizedTest
  @MethodSource("shapes")
  void plansKeepTheirPromises(ArchitectureConfig shape) {
    ModelOffer model = Samples.offer("any", shape);
    for (Engine.Family family : Engine.Family.values()) {
      for (Double gib : new Double[] {null, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0}) {
        for (boolean mobile : new boolean[] {true, false}) {
          CapabilityReport report =
              Samples.report(family, mobile, Samples.adapter("amd", "rdna-2"), gib);
          check(report, model);
        }
      }
    }
  }

  private void check(CapabilityReport report, ModelOffer model) {
    Plan plan;
    try {
      plan = solve(report, model);
    } catch (NothingFits none) {
      assertThat(none.getMessage()).isNotBlank();
      return;
    }
    assertThat(solve(report, model)).isEqualTo(plan);
    Plan.Memory memory = plan.memory();
    assertThat(memory.totalBytes())
        .isEqualTo(memory.weightBytes() + memory.kvBytes() + memory.workBytes())
        .isLessThanOrEqualTo(memory.budgetBytes());
    assertThat(plan.reasons())
        .extracting(Reason::choice)
        .contains("backend", "precision", "context", "kv", "threads", "memory");
    assertThat(plan.reasons()).allMatch(r -> r.because().endsWith("."));
  }

  @Test
  void anotherChoiceIsAnotherPlan() {
    assertThat(
            Stream.of(Pin.NOTHING, bits(2), bits(3), context(64), backend(Backend.WASM))
                .map(pin -> solve(Samples.gpuDesktop(), docs, pin).plan()))
        .doesNotHaveDuplicates();
  }
}
