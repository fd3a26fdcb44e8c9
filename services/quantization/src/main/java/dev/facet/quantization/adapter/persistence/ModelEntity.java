package dev.facet.quantization.adapter.persistence;

import dev.facet.quantization.domain.importing.ImportState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** Row of a model; documents that are only read whole are kept as JSON. */
@Entity
@Table(name = "model")
class ModelEntity {
  @Id String id;

  @Column(name = "import_id", nullable = false)
  UUID importId;

  @Column(nullable = false)
  String revision;

  @Column(nullable = false)
  String source;

  @Column(nullable = false)
  String config;

  @Column(nullable = false)
  long parameters;

  @Column(nullable = false)
  String tokenizer;

  @Column(name = "given_text")
  String givenText;

  @Enumerated(EnumType.STRING)
  @Column(nullable = false)
  ImportState state;

  @Column(nullable = false)
  long total;

  @Column(nullable = false)
  long done;

  @Column(name = "last_done")
  String lastDone;

  @Column(name = "stage_began", nullable = false)
  Instant stageBegan;

  @Column(nullable = false)
  long improvement;

  String failure;

  String publication;

  @Column(name = "imported_at", nullable = false)
  Instant importedAt;
}
