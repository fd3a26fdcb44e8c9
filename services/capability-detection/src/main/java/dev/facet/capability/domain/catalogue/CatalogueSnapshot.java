package dev.facet.capability.domain.catalogue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The catalogue at one moment; immutable, so that a plan sees one state of it. */
public final class CatalogueSnapshot {
  /** Before anything has been told. */
  public static final CatalogueSnapshot EMPTY =
      new CatalogueSnapshot(-1, List.of(), null, List.of());

  private final long version;
  private final Map<String, ModelOffer> models;
  private final KernelSet kernels;
  private final Map<String, Preference> preferences;

  /**
   * @param version grows with each change
   * @param kernels null while none were published
   */
  public CatalogueSnapshot(
      long version, List<ModelOffer> models, KernelSet kernels, List<Preference> preferences) {
    this.version = version;
    this.models = byKey(models, offer -> offer.id().value());
    this.kernels = kernels;
    this.preferences = byKey(preferences, p -> key(p.model(), p.deviceClass()));
  }

  public long version() {
    return version;
  }

  public Optional<ModelOffer> model(String id) {
    return Optional.ofNullable(models.get(id));
  }

  public Optional<KernelSet> kernels() {
    return Optional.ofNullable(kernels);
  }

  public Optional<Preference> preference(String model, String deviceClass) {
    return Optional.ofNullable(preferences.get(key(model, deviceClass)));
  }

  private static String key(String model, String deviceClass) {
    return model + '|' + deviceClass;
  }

  private static <T> Map<String, T> byKey(List<T> items, Function<T, String> key) {
    return items.stream().collect(Collectors.toUnmodifiableMap(key, Function.identity()));
  }
}
