package dev.facet.quantization.adapter.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Windows of token ids as JSON. */
final class WindowsFormat {
  private static final JsonMapper JSON = new JsonMapper();

  private WindowsFormat() {}

  static List<int[]> read(InputStream source) throws IOException {
    return JSON.readValue(source, new TypeReference<List<int[]>>() {});
  }

  static void write(List<int[]> windows, OutputStream target) throws IOException {
    JSON.writeValue(target, windows);
  }
}
