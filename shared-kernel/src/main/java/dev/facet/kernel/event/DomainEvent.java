package dev.facet.kernel.event;

/**
 * Something that has happened and that other services may need to know. Immutable. One that lacks
 * what its schema requires cannot be made, and so not be read.
 */
public interface DomainEvent {
  /** Topic it is told on. */
  String topic();

  /** Versioned type, for example {@code model.published.v1}. */
  String type();

  /** Kafka key: events of one key keep their order. */
  String key();
}
