create sequence outbox_position;

create table outbox (
  position    bigint primary key default nextval('outbox_position'),
  event_id    uuid        not null unique,
  topic       text        not null,
  record_key  text        not null,
  type        text        not null,
  body        bytea       not null,
  occurred_at timestamptz not null
);

create table inbox (
  consumer    text        not null,
  event_id    uuid        not null,
  received_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
