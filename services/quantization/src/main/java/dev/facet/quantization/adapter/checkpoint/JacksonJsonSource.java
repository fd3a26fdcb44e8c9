package dev.facet.quantization.adapter.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.quantization.domain.checkpoint.JsonSource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Strict JSON: keys are distinct and nothing follows the object. */
public final class JacksonJsonSource implements JsonSource {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final ObjectReader READER =
      MAPPER.readerFor(new TypeReference<Map<String, Object>>() {});

  @Override
  public Map<String, Object> object(byte[] utf8) throws MalformedJsonException {
    try {
      Map<String, Object> object = READER.readValue(utf8);
      if (object == null) {
        throw new MalformedJsonException("the text is null, not an object");
      }
      object.replaceAll((name, value) -> widened(value));
      return object;
    } catch (JacksonException e) {
      throw new MalformedJsonException(e.getOriginalMessage() + place(e));
    } catch (IOException e) {
      throw new MalformedJsonException(e.getMessage());
    }
  }

  /** Integers as long ones; those beyond stay big, as transformers writes them for "no limit". */
  private static Object widened(Object value) {
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(JacksonJsonSource::widened).collect(Collectors.toList());
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> wide = new LinkedHashMap<>(map);
      wide.replaceAll((name, inner) -> widened(inner));
      return wide;
    }
    return value;
  }

  @Override
  public byte[] text(Map<String, Object> object) {
    try {
      return MAPPER.writeValueAsBytes(object);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not plain values", e);
    }
  }

  private static String place(JacksonException e) {
    return e.getLocation() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
