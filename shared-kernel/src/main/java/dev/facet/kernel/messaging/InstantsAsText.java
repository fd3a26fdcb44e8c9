package dev.facet.kernel.messaging;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/** Instants in JSON by {@link UtcTimes}. */
final class InstantsAsText extends SimpleModule {
  private static final long serialVersionUID = 1;

  InstantsAsText() {
    super("instants-as-text");
    addSerializer(Instant.class, new Writer());
    addDeserializer(Instant.class, new Reader());
  }

  private static final class Writer extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1;

    Writer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant at, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(UtcTimes.format(at));
    }
  }

  private static final class Reader extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1;

    Reader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        return (Instant) context.handleUnexpectedToken(Instant.class, json);
      }
      try {
        return UtcTimes.parse(json.getText());
      } catch (DateTimeException e) {
        throw context.weirdStringException(json.getText(), Instant.class, "no time in UTC");
      }
    }
  }
}
