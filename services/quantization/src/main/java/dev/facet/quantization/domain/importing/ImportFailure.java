package dev.facet.quantization.domain.importing;

import dev.facet.kernel.problem.DomainProblem;
import java.util.Map;

/**
 * What stopped an import, in the members of an RFC 9457 problem.
 *
 * @param members further members (what, where)
 */
public record ImportFailure(
    String type, String title, int status, String detail, Map<String, Object> members) {
  public ImportFailure {
    members = Map.copyOf(members);
  }

  public static ImportFailure of(DomainProblem problem) {
    return new ImportFailure(
        problem.type(), problem.title(), problem.status(), problem.getMessage(), problem.members());
  }
}
