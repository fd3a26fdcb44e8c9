package dev.facet.telemetry.domain.measurement;

import dev.facet.kernel.problem.DomainProblem;
import java.util.List;
import java.util.Map;

/** A batch that is not of the form of docs/wire.md; nothing of it has been taken. */
public final class MalformedTelemetry extends DomainProblem {
  private static final int SHOWN = 10;

  /**
   * @param faults at least one, in document order
   */
  public MalformedTelemetry(List<Fault> faults) {
    super(
        "malformed-telemetry",
        400,
        "Malformed telemetry",
        detail(faults),
        Map.of("errors", faults.subList(0, Math.min(SHOWN, faults.size()))));
  }

  /**
   * @param pointer where
   * @param detail what should be there
   */
  public MalformedTelemetry(String pointer, String detail) {
    this(List.of(new Fault(pointer, detail)));
  }

  private static String detail(List<Fault> faults) {
    Fault first = faults.get(0);
    String others = faults.size() == 1 ? "" : " (and %d more)".formatted(faults.size() - 1);
    return "%s %s%s.".formatted(first.pointer(), first.detail(), others);
  }
}
