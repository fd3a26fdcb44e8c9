package dev.facet.quantization.domain.source;

import dev.facet.kernel.identity.ModelId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A folder under the models directory.
 *
 * @param path names of folders, from the models directory down
 */
public record FolderSource(List<String> path) implements CheckpointSource {
  private static final Pattern REMOTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  public FolderSource {
    path = List.copyOf(path);
  }

  /**
   * Reads a relative path with {@code /} between names.
   *
   * @throws SourceNotSupported if the text names something else than a folder
   * @throws SourceOutsideModels if the path leaves the models directory
   */
  public static FolderSource parse(String text) {
    if (REMOTE.matcher(text).matches()) {
      throw new SourceNotSupported(text);
    }
    List<String> path = Arrays.asList(text.split("/", -1));
    if (!path.stream().allMatch(FolderSource::staysInside)) {
      throw new SourceOutsideModels(text);
    }
    return new FolderSource(path);
  }

  private static boolean staysInside(String name) {
    return !name.isBlank()
        && !name.equals(".")
        && !name.equals("..")
        && name.indexOf('\\') < 0
        && name.indexOf('\0') < 0;
  }

  /**
   * The model id of an import that names none: the last folder's name in lower case.
   *
   * @throws dev.facet.kernel.identity.InvalidIdentity if that is no model id
   */
  @Override
  public ModelId defaultId() {
    return new ModelId(path.get(path.size() - 1).toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return String.join("/", path);
  }
}
