package dev.facet.kernel.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/**
 * The layers of a service: {@code domain} knows java.* and the kernel's plain packages, {@code
 * application} knows {@code domain} and its ports, adapters know both and nobody knows an adapter.
 */
public final class LayerRules {
  private static final String[] PLAIN = {
    "java..",
    "jdk.incubator.vector..",
    "dev.facet.kernel.identity..",
    "dev.facet.kernel.problem..",
    "dev.facet.kernel.ladder..",
    "dev.facet.kernel.event.."
  };

  private LayerRules() {}

  /**
   * Checks all main classes below a service's base package.
   *
   * @param base for example {@code dev.facet.telemetry}
   */
  public static void check(String base) {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(base);
    domainIsPlain(base, classes);
    adaptersStayAtTheRim(base, classes);
  }

  private static void domainIsPlain(String base, JavaClasses classes) {
    String[] allowed = new String[PLAIN.length + 1];
    System.arraycopy(PLAIN, 0, allowed, 0, PLAIN.length);
    allowed[PLAIN.length] = base + ".domain..";
    classes()
        .that()
        .resideInAPackage(base + ".domain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(classes);
  }

  private static void adaptersStayAtTheRim(String base, JavaClasses classes) {
    noClasses()
        .that()
        .resideInAnyPackage(base + ".domain..", base + ".application..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(base + ".adapter..")
        .check(classes);
  }
}
