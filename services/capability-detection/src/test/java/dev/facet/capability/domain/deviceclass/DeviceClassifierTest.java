package dev.facet.capability.domain.deviceclass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.capability.Samples;
import dev.facet.capability.domain.report.CapabilityReport;
import dev.facet.capability.domain.report.Engine;
import dev.facet.capability.domain.report.Wasm;
import dev.facet.capability.domain.report.WebGpu;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceClassifierTest {
  private static DeviceClass classify(Engine.Family family, WebGpu gpu, Double memory) {
    return DeviceClassifier.classify(Samples.report(family, false, gpu, memory));
  }

  @Test
  void aSoftwareAdapterIsNamedAndLeftToWebAssembly() {
    DeviceClass found = DeviceClassifier.classify(Samples.softwareDesktop());

    assertThat(found.name()).isEqualTo("wasm-mt.chromium.8g");
    assertThat(found.backend()).contains(Backend.WASM);
    assertThat(found.description())
        .isEqualTo(
            "Chromium on a desktop, its WebGPU adapter is SwiftShader, which computes on the CPU, so WebAssembly SIMD"
                + " does the work, with threads on 4 cores; at least 8 GiB of memory.");
  }

  @ParameterizedTest
  @CsvSource({
    "google,swiftshader,SwiftShader",
    "Google,SwiftShader,SwiftShader",
    "mesa,llvmpipe,llvmpipe",
    "mesa,lavapipe,lavapipe",
    "'',llvmpipe (LLVM 15.0.7 256 bits),llvmpipe",
    "microsoft,warp,WARP",
    "microsoft,Microsoft Basic Render Driver,Basic Render",
    "mesa,software,software rasteriser",
  })
  void knowsSoftwareAdapters(String vendor, String architecture, String named) {
    DeviceClass found =
        classify(Engine.Family.CHROMIUM, Samples.adapter(vendor, architecture), 8.0);

    assertThat(found.backend()).contains(Backend.WASM);
    assertThat(found.description()).contains(named);
  }

  @Test
  void trustsTheBrowsersFallbackFlag() {
    WebGpu gpu = Samples.adapter("", "");
    WebGpu fallback = new WebGpu("", "", true, gpu.features(), gpu.wgslFeatures(), gpu.limits(), 0);

    assertThat(classify(Engine.Family.FIREFOX, fallback, null).name())
        .isEqualTo("wasm-mt.firefox.unknown");
    assertThat(classify(Engine.Family.FIREFOX, gpu, null).name())
        .isEqualTo("webgpu-unknown-unknown.firefox.unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "nvidia,ampere,webgpu-nvidia-ampere",
    "NVIDIA Corporation,Ada Lovelace,webgpu-nvidia-ada",
    "nvidia,ada-lovelace,webgpu-nvidia-ada",
    "amd,rdna-3,webgpu-amd-rdna-3",
    "amd,gcn-5,webgpu-amd-gcn-5",
    "intel,gen-12lp,webgpu-intel-gen-12",
    "intel,xe-lpg,webgpu-intel-xe",
    "intel,xe-2lpg,webgpu-intel-xe-2",
    "apple,metal-3,webgpu-apple-metal-3",
    "qualcomm,adreno-7xx,webgpu-qualcomm-adreno-7",
    "arm,valhall,webgpu-arm-valhall",
    "img-tec,rogue,webgpu-img-tec-rogue",
    "acme,quantum-9,webgpu-other-other",
    "nvidia,imaginary,webgpu-nvidia-other",
    "nvidia,'',webgpu-nvidia-unknown",
  })
  void normalisesVendorAndArchitecture(String vendor, String architecture, String expected) {
    DeviceClass found =
        classify(Engine.Family.CHROMIUM, Samples.adapter(vendor, architecture), 8.0);

    assertThat(found.name()).isEqualTo(expected + ".chromium.8g");
    assertThat(found.backend()).contains(Backend.WEBGPU);
  }

  @Test
  void tellsFeaturesAndSmallBindingsApart() {
    WebGpu gpu = Samples.adapter("apple", "metal-3", "shader-f16", "subgroups");
    WebGpu small =
        new WebGpu(
            "apple",
            "metal-3",
            false,
            gpu.features(),
            gpu.wgslFeatures(),
            Samples.limits(128 << 20, 8),
            32);

    assertThat(classify(Engine.Family.WEBKIT, gpu, null).name())
        .isEqualTo("webgpu-apple-metal-3-f16-sg.webkit.unknown");
    assertThat(classify(Engine.Family.WEBKIT, small, null).name())
        .isEqualTo("webgpu-apple-metal-3-f16-sg-smallbuf.webkit.unknown");
  }

  @ParameterizedTest
  @CsvSource({"0.25,512m", "0.5,512m", "1,1g", "2,2g", "3.9,2g", "4,4g", "8,8g", "12,8g", "64,32g"})
  void roundsMemoryDown(double gib, String bucket) {
    assertThat(classify(Engine.Family.CHROMIUM, null, gib).name())
        .isEqualTo("wasm-mt.chromium." + bucket);
  }

  @Test
  void threadsNeedIsolationAndCores() {
    CapabilityReport report = Samples.softwareDesktop();
    assertThat(DeviceClassifier.classify(with(report, report.wasm(), false, 4)).name())
        .isEqualTo("wasm.chromium.8g");
    assertThat(DeviceClassifier.classify(with(report, report.wasm(), true, 1)).name())
        .isEqualTo("wasm.chromium.8g");
  }

  @Test
  void aDeviceThatCanRunNothingSaysSo() {
    CapabilityReport report = Samples.report(Engine.Family.OTHER, true, null, 2.0);
    DeviceClass found =
        DeviceClassifier.classify(with(report, new Wasm(false, false, false, false), false, 4));

    assertThat(found.name()).isEqualTo("unsupported.other-mobile.2g");
    assertThat(found.backend()).isEmpty();
    assertThat(found.description()).contains("no model runs");
  }

  private static CapabilityReport with(
      CapabilityReport report, Wasm wasm, boolean isolated, int cores) {
    return new CapabilityReport(
        report.engine(),
        report.webgpu(),
        wasm,
        false,
        isolated,
        report.deviceMemoryGiB(),
        cores,
        java.util.Set.of());
  }

  /** Names come from strangers: whatever they say, classes stay few and safe in a URL. */
  @Test
  void strangersCannotInventClasses() {
    Random random = new Random(11);
    Set<String> names =
        IntStream.range(0, 5_000)
            .mapToObj(i -> Samples.adapter(noise(random), noise(random)))
            .map(gpu -> classify(Engine.Family.CHROMIUM, gpu, 8.0).name())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(names).allMatch(name -> name.matches("[a-z0-9.-]{1,80}"));
    assertThat(names).hasSizeLessThan(12);
  }

  private static String noise(Random random) {
    return random
        .ints(random.nextInt(40), 1, 0x2fff)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
