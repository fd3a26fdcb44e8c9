package dev.facet.quantization.domain.importing;

/**
 * Names a task within its import.
 *
 * @param ladder ladder to be made; empty for the completion
 * @param group tensor group to be encoded; empty for the completion
 */
public record TaskKey(String ladder, String group) {
  /** Index, measure and publish: the last task of every import. */
  public static final TaskKey COMPLETION = new TaskKey("", "");

  public boolean isCompletion() {
    return equals(COMPLETION);
  }

  @Override
  public String toString() {
    return isCompletion() ? "completion" : ladder + "/" + group;
  }
}
