package dev.facet.quantization.domain.importing;

/**
 * Names a task within its import.
 *
 * @param subject what the step is done to; empty where a step has one task
 */
public record TaskKey(ImportStep step, String subject) {
  private static final char SEPARATOR = '/';

  /** The only task of a step. */
  public static TaskKey of(ImportStep step) {
    return new TaskKey(step, "");
  }

  /** The task that codes a group for a ladder. */
  public static TaskKey coding(ImportStep step, String ladder, String group) {
    return new TaskKey(step, ladder + SEPARATOR + group);
  }

  /** Ladder of a task that codes a group. */
  public String ladder() {
    return subject.substring(0, subject.indexOf(SEPARATOR));
  }

  /** Group of a task that codes one. */
  public String group() {
    return subject.substring(subject.indexOf(SEPARATOR) + 1);
  }

  @Override
  public String toString() {
    return subject.isEmpty() ? step.label() : step.label() + " " + subject;
  }
}
