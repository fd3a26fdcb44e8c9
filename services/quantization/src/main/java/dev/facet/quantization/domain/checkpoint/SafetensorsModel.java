package dev.facet.quantization.domain.checkpoint;

import dev.facet.kernel.ladder.ArchitectureConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A folder of the Hugging Face Hub: config.json, tokenizer.json and safetensors files. */
final class SafetensorsModel implements CheckpointFormat {
  private record Location(SafetensorsFile file, TensorEntry entry) {}

  private static final String TOWER = "vision_tower.";
  private static final String WRAPPED_TOWER = "vision_tower.vision_model.";

  private final CheckpointFiles folder;
  private final ModelDescription description;
  private final List<SafetensorsFile> files = new ArrayList<>();
  private final Map<String, Location> locations = new HashMap<>();

  private SafetensorsModel(CheckpointFiles folder) {
    this.folder = folder;
    JsonObject settings = folder.json(CheckpointFiles.CONFIG);
    this.description = Architecture.of(settings).describe(settings, folder::settings);
  }

  static SafetensorsModel open(CheckpointFiles files, JsonSource json) {
    SafetensorsModel model = new SafetensorsModel(files);
    try {
      for (String name : files.weightFiles()) {
        model.add(SafetensorsFile.open(files.file(name), json));
      }
      model.requireTensors();
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private void add(SafetensorsFile file) {
    files.add(file);
    for (TensorEntry entry : file.entries()) {
      Location before = locations.put(plainName(entry.name()), new Location(file, entry));
      if (before != null) {
        throw new SafetensorsProblem.DuplicateTensor(file.name(), entry.name(), before.file.name());
      }
    }
  }

  /** Towers are stored with or without the name of what is inside. */
  private static String plainName(String stored) {
    return stored.startsWith(WRAPPED_TOWER)
        ? TOWER + stored.substring(WRAPPED_TOWER.length())
        : stored;
  }

  private void requireTensors() {
    if (folder.has(CheckpointFiles.INDEX)) {
      JsonObject map = folder.json(CheckpointFiles.INDEX).object("weight_map");
      for (String tensor : map.keys()) {
        Location location = locations.get(plainName(tensor));
        if (location == null || !location.file.name().equals(map.string(tensor))) {
          throw new CheckpointProblem.MissingTensor(map.string(tensor), tensor);
        }
      }
    }
    description.views().values().stream()
        .map(TensorView::stored)
        .distinct()
        .forEach(this::requireTensor);
  }

  private void requireTensor(TensorSpec spec) {
    Location location = locations.get(spec.name());
    if (location == null) {
      throw new CheckpointProblem.MissingTensor("the checkpoint", spec.name());
    }
    List<Long> shape = location.entry.shape();
    List<Long> matrix = List.of((long) spec.rows(), (long) spec.cols());
    boolean fits =
        shape.equals(matrix)
            || spec.rows() == 1 && shape.equals(matrix.subList(1, 2))
            || isFilters(shape, spec);
    if (!fits) {
      throw new CheckpointProblem.UnexpectedShape(location.file.name(), spec, shape);
    }
    if (!location.entry.dtype().weight) {
      throw new CheckpointProblem.UnsupportedDtype(
          location.file.name(), spec.name(), location.entry.dtype().name());
    }
  }

  /** Filters of a convolution are the rows of a matrix. */
  private static boolean isFilters(List<Long> shape, TensorSpec spec) {
    return shape.size() == 4
        && shape.get(0) == spec.rows()
        && shape.get(1) * shape.get(2) * shape.get(3) == spec.cols();
  }

  @Override
  public ArchitectureConfig config() {
    return description.config();
  }

  @Override
  public ModelTensors tensors() {
    return description.tensors();
  }

  @Override
  public TokenizerFile tokenizer() {
    return new TokenizerFile(CheckpointFiles.TOKENIZER, folder.bytes(CheckpointFiles.TOKENIZER));
  }

  @Override
  public List<Path> contentFiles() {
    List<Path> content = new ArrayList<>();
    content.add(folder.file(CheckpointFiles.CONFIG));
    content.add(folder.file(CheckpointFiles.TOKENIZER));
    description.settings().stream().filter(folder::has).map(folder::inner).forEach(content::add);
    files.forEach(file -> content.add(folder.file(file.name())));
    return content;
  }

  @Override
  public void read(TensorSpec tensor, int firstRow, int rowCount, float[] target, int offset) {
    TensorView view = description.views().get(tensor.name());
    view.read(this::readStored, firstRow, rowCount, target, offset);
  }

  private void readStored(
      TensorSpec tensor, int firstRow, int rowCount, float[] target, int offset) {
    Location location = locations.get(tensor.name());
    long first = (long) firstRow * tensor.cols();
    int count = Math.multiplyExact(rowCount, tensor.cols());
    location.file.read(location.entry, first, count, target, offset);
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
