package dev.facet.streaming.adapter.http;

import io.quarkus.runtime.util.ClassPathUtils;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The web client's files, read once from {@code META-INF/resources} of the class path; a few
 * hundred kilobytes.
 */
@ApplicationScoped
class PageLibrary {
  private static final String ROOT = "META-INF/resources";
  private static final String INDEX = "index.html";

  private final Map<String, Page> pages = new HashMap<>();

  PageLibrary() {
    try {
      ClassPathUtils.consumeAsPaths(ROOT, this::addAll);
    } catch (IOException e) {
      throw new UncheckedIOException("the web client's files are unreadable", e);
    }
  }

  private void addAll(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      files.filter(Files::isRegularFile).forEach(file -> add(root, file));
    } catch (IOException e) {
      throw new UncheckedIOException("the web client's files are unreadable", e);
    }
  }

  private void add(Path root, Path file) {
    String path = root.relativize(file).toString().replace('\\', '/');
    Page page = page(path, file);
    pages.putIfAbsent('/' + path, page);
    if (file.getFileName().toString().equals(INDEX)) {
      String folder = '/' + path.substring(0, path.length() - INDEX.length());
      pages.putIfAbsent(folder, page);
      pages.putIfAbsent(folder.length() > 1 ? folder.substring(0, folder.length() - 1) : "/", page);
    }
  }

  private static Page page(String path, Path file) {
    try {
      return Page.of(path, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  /**
   * @param path with its leading slash; a folder names its index
   */
  Optional<Page> find(String path) {
    return Optional.ofNullable(pages.get(path));
  }
}
