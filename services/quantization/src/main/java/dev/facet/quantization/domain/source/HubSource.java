package dev.facet.quantization.domain.source;

import dev.facet.kernel.identity.ModelId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository of the Hugging Face Hub: {@code hf:org/name@revision#file.gguf}, where revision and
 * file may be left out.
 *
 * @param revision branch, tag or commit
 * @param file one GGUF file of several; null for the repository's only model
 */
public record HubSource(String organisation, String name, String revision, String file)
    implements RemoteSource {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
  private static final Pattern FORM =
      Pattern.compile(
          "[hH][fF]:(%s)/(%s)(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,127}))?(?:#(%s\\.gguf))?"
              .formatted(NAME, NAME, "[A-Za-z0-9][A-Za-z0-9._-]{0,190}"));
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /**
   * @throws SourceMalformed for any other form
   */
  static HubSource parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || text.contains("..") || text.contains("//")) {
      throw new SourceMalformed(text, "the form is hf:org/name@revision#file.gguf");
    }
    String revision = parts.group(3) == null ? "main" : parts.group(3);
    return new HubSource(parts.group(1), parts.group(2), revision, parts.group(4));
  }

  /** Whether the revision is a commit, whose content cannot change. */
  public boolean isPinned() {
    return COMMIT.matcher(revision).matches();
  }

  /**
   * The same at one commit.
   *
   * @throws SourceMalformed if that is not 40 hex digits
   */
  public HubSource pinned(String commit) {
    HubSource pinned = new HubSource(organisation, name, commit, file);
    if (!pinned.isPinned()) {
      throw new SourceMalformed(toString(), "the Hub names no commit for it");
    }
    return pinned;
  }

  @Override
  public ModelId defaultId() {
    String called = file == null ? name : file.substring(0, file.length() - ".gguf".length());
    return new ModelId(called.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return "hf:%s/%s@%s%s".formatted(organisation, name, revision, file == null ? "" : "#" + file);
  }
}
