package dev.facet.local.integration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The container of weights: eight bytes of length, a JSON header, the tensors' bytes. */
final class Safetensors {

  private static final int LENGTH_BYTES = 8;
  private static final String OFFSETS = "data_offsets";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Safetensors() {}

  static byte[] withHeader(byte[] file, UnaryOperator<String> change) {
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(file, LENGTH_BYTES, length, StandardCharsets.UTF_8);
    String changed = change.apply(header);
    if (changed.equals(header)) {
      throw new IllegalArgumentException("the header is as it was: " + header);
    }
    byte[] bytes = changed.getBytes(StandardCharsets.UTF_8);
    byte[] data = Arrays.copyOfRange(file, LENGTH_BYTES + length, file.length);
    return ByteBuffer.allocate(LENGTH_BYTES + bytes.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length)
        .put(bytes)
        .put(data)
        .array();
  }

  /** With only the tensors whose names are wanted, their bytes moved together. */
  static byte[] keeping(byte[] file, Predicate<String> wanted) {
    int start = LENGTH_BYTES + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    byte[] all =
        withHeader(
            file,
            header -> {
              ObjectNode tensors = (ObjectNode) read(header);
              tensors.retain(names(tensors).stream().filter(wanted).toList());
              tensors.forEach(tensor -> move(file, start, (ArrayNode) tensor.path(OFFSETS), data));
              return tensors.toString();
            });
    int header = LENGTH_BYTES + (int) ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] kept = Arrays.copyOf(all, header + data.size());
    System.arraycopy(data.toByteArray(), 0, kept, header, data.size());
    return kept;
  }

  private static JsonNode read(String header) {
    try {
      return JSON.readTree(header);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(ObjectNode tensors) {
    List<String> names = new ArrayList<>();
    tensors.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void move(byte[] file, int start, ArrayNode offsets, ByteArrayOutputStream data) {
    int from = offsets.get(0).asInt();
    int length = offsets.get(1).asInt() - from;
    offsets.removeAll().add(data.size()).add(data.size() + length);
    data.write(file, start + from, length);
  }

  /** With the last two bytes, a bfloat16, made a NaN. */
  static byte[] endingInNan(byte[] file) {
    byte[] changed = file.clone();
    changed[file.length - 1] = 0x7f;
    changed[file.length - 2] = (byte) 0xc0;
    return changed;
  }
}
