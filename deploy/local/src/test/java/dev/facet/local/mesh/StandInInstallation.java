package dev.facet.local.mesh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A checkout with the real Kafka process and stand-ins for the services. */
final class StandInInstallation {

  private StandInInstallation() {}

  static Installation create(Path root) throws IOException {
    Files.createDirectories(root);
    Files.writeString(root.resolve("facet"), "");
    for (Service service : Service.values()) {
      Path folder = root.resolve("services/%s/target/quarkus-app".formatted(service.folder()));
      writeJar(Files.createDirectories(folder).resolve("quarkus-run.jar"));
    }
    Path broker = Files.createDirectories(root.resolve("deploy/local/broker"));
    Files.deleteIfExists(broker.resolve("target"));
    Files.createSymbolicLink(broker.resolve("target"), Installation.find().brokerJar().getParent());
    return new Installation(root);
  }

  private static void writeJar(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandInService.class.getName());
    String name = StandInService.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream in = StandInService.class.getResourceAsStream("/" + name)) {
      out.putNextEntry(new JarEntry(name));
      in.transferTo(out);
      out.closeEntry();
    }
  }
}
