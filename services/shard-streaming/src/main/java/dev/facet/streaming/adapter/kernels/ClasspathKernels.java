package dev.facet.streaming.adapter.kernels;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.kernel.identity.Digest;
import dev.facet.streaming.application.KernelLibrary;
import dev.facet.streaming.domain.bundle.KernelSet;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Kernels in {@code META-INF/facet/kernels}, listed by {@code kernels.json}. All are read and
 * checked against their digests at start: a service with a wrong kernel does not start.
 */
@Startup
@ApplicationScoped
class ClasspathKernels implements KernelLibrary {
  private static final Logger LOG = Logger.getLogger(ClasspathKernels.class);
  private static final String FOLDER = "META-INF/facet/kernels/";
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final KernelSet kernels;
  private final Map<String, Kernel> byDigest;

  @Inject
  ClasspathKernels() {
    this(Thread.currentThread().getContextClassLoader());
  }

  ClasspathKernels(ClassLoader loader) {
    this.kernels = list(loader).orElse(null);
    this.byDigest = kernels == null ? Map.of() : load(loader, kernels);
    if (kernels == null) {
      LOG.warn(
          "packed without kernels: no bundle can be made (is browser-client on the class path?)");
    }
  }

  private static Optional<KernelSet> list(ClassLoader loader) {
    try (InputStream list = loader.getResourceAsStream(FOLDER + "kernels.json")) {
      if (list == null) {
        return Optional.empty();
      }
      KernelSet set = JSON.readValue(list, KernelSet.class);
      if (set.revision() == null || !set.revision().matches("[0-9a-f]{12}")) {
        throw new IllegalStateException("kernels.json has no revision of 12 hex digits");
      }
      return Optional.of(set);
    } catch (IOException e) {
      throw new UncheckedIOException("kernels.json is unreadable", e);
    }
  }

  private static Map<String, Kernel> load(ClassLoader loader, KernelSet kernels) {
    return kernels.modules().stream()
        .map(module -> new Kernel(module, read(loader, module)))
        .collect(
            Collectors.toUnmodifiableMap(
                kernel -> kernel.module().sha256(), Function.identity(), (a, b) -> a));
  }

  private static byte[] read(ClassLoader loader, KernelSet.Module module) {
    if (!module.name().matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalStateException(
          "kernels.json lists a file outside its folder: " + module.name());
    }
    try (InputStream file = loader.getResourceAsStream(FOLDER + module.name())) {
      if (file == null) {
        throw new IllegalStateException(
            "kernels.json lists a file that is missing: " + module.name());
      }
      byte[] content = file.readAllBytes();
      if (!Digest.of(content).hex().equals(module.sha256()) || content.length != module.bytes()) {
        throw new IllegalStateException(
            "kernel " + module.name() + " is not what kernels.json says");
      }
      return content;
    } catch (IOException e) {
      throw new UncheckedIOException("kernel " + module.name() + " is unreadable", e);
    }
  }

  @Override
  public Optional<KernelSet> kernels() {
    return Optional.ofNullable(kernels);
  }

  @Override
  public Optional<Kernel> find(Digest kernel) {
    return Optional.ofNullable(byDigest.get(kernel.hex()));
  }
}
