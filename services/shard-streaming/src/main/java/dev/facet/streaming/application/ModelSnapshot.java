package dev.facet.streaming.application;

import dev.facet.kernel.event.ModelPublished;
import dev.facet.kernel.identity.ModelId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** All published revisions at one moment; immutable. */
public final class ModelSnapshot {
  /** Before the tables have been read. */
  static final ModelSnapshot EMPTY = new ModelSnapshot(-1, List.of());

  private record Key(String model, String revision) {}

  private final long version;
  private final Map<Key, ModelPublished> models;

  /**
   * @param version grows with each change
   */
  public ModelSnapshot(long version, List<ModelPublished> models) {
    this.version = version;
    this.models =
        models.stream()
            .collect(Collectors.toUnmodifiableMap(m -> new Key(m.model(), m.revision()), m -> m));
  }

  public long version() {
    return version;
  }

  public Optional<ModelPublished> find(ModelId model, String revision) {
    return Optional.ofNullable(models.get(new Key(model.value(), revision)));
  }
}
