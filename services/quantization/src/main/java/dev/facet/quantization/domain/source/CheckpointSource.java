package dev.facet.quantization.domain.source;

import dev.facet.kernel.identity.ModelId;
import java.util.Locale;

/** Where a checkpoint is to be taken from. Its text form is what an operator writes. */
public sealed interface CheckpointSource permits FolderSource, RemoteSource, UploadSource {
  /**
   * Reads {@code hf:org/name@revision}, an http(s) URL, {@code upload:id} or the path of a folder
   * under the models directory.
   *
   * @throws dev.facet.kernel.problem.DomainProblem that says what is wrong with it
   */
  static CheckpointSource parse(String text) {
    String scheme = text.substring(0, Math.max(0, text.indexOf(':'))).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "hf" -> HubSource.parse(text);
      case "http", "https" -> WebSource.parse(text);
      case "upload" -> UploadSource.parse(text);
      default -> FolderSource.parse(text);
    };
  }

  /**
   * The model id of an import that names none.
   *
   * @throws dev.facet.kernel.identity.InvalidIdentity if what the source is called is no model id
   */
  ModelId defaultId();
}
