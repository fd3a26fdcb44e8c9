package dev.facet.quantization.adapter.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.facet.quantization.domain.checkpoint.JsonSource;
import java.io.IOException;
import java.util.Map;

/** Strict JSON: keys are distinct and nothing follows the object. */
public final class JacksonJsonSource implements JsonSource {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
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
      return object;
    } catch (JacksonException e) {
      throw new MalformedJsonException(e.getOriginalMessage() + place(e));
    } catch (IOException e) {
      throw new MalformedJsonException(e.getMessage());
    }
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
