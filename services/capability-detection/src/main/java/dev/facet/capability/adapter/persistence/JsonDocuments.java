package dev.facet.capability.adapter.persistence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;

/** Documents in JSON columns. */
@ApplicationScoped
class JsonDocuments {
  private final ObjectMapper mapper;

  JsonDocuments(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  String write(Object document) {
    try {
      return mapper.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + document.getClass(), e);
    }
  }

  <T> T read(String document, Class<T> type) {
    try {
      return mapper.readValue(document, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored " + type.getSimpleName() + " is unreadable", e);
    }
  }
}
