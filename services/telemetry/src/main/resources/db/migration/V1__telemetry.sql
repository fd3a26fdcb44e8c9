-- Events that have been counted; (session, id) so that no session can use up the ids of another.
create table counted_event (
  session    text        not null,
  event_id   uuid        not null,
  counted_at timestamptz not null default now(),
  primary key (session, event_id)
);
create index counted_event_age on counted_event (counted_at);

-- Measurements of one point on one device class in one window. *_ms: DDSketch, null while empty.
create table cell (
  model          text        not null,
  device_class   text        not null,
  point          text        not null,
  window_start   timestamptz not null,
  loads          bigint      not null default 0,
  generations    bigint      not null default 0,
  failures       bigint      not null default 0,
  tokens         bigint      not null default 0,
  decode_ms      bytea,
  first_token_ms bytea,
  ready_ms       bytea,
  updated_at     timestamptz not null default now(),
  primary key (model, device_class, point, window_start)
);
create index cell_age on cell (window_start);

-- A session in a cell. Its vote is the median of votes_ms; null where it only loaded, failed or was pinned.
create table session_window (
  model        text        not null,
  device_class text        not null,
  point        text        not null,
  window_start timestamptz not null,
  session      text        not null,
  votes_ms     bytea,
  vote_ms      double precision,
  last_at      timestamptz not null,
  recorded_at  timestamptz not null default now(),
  primary key (model, device_class, point, window_start, session)
);
create index session_window_votes on session_window (model, device_class, last_at) where vote_ms is not null;
create index session_window_recorded on session_window (recorded_at);

create table delivery (
  model            text        not null,
  point            text        not null,
  window_start     timestamptz not null,
  streams          bigint      not null,
  complete_streams bigint      not null,
  bytes            bigint      not null,
  primary key (model, point, window_start)
);

create table device_class (
  device_class  text primary key,
  description   text        not null,
  backend       text        not null,
  profiles      bigint      not null,
  first_seen_at timestamptz not null,
  last_seen_at  timestamptz not null
);

-- What model-published said last. revised_at: when the present revision was first published.
create table catalogue_model (
  model        text primary key,
  revision     text        not null,
  published_at timestamptz not null,
  revised_at   timestamptz not null
);

create table catalogue_point (
  model   text   not null references catalogue_model on delete cascade,
  point   text   not null,
  ladder  text   not null,
  bytes   bigint not null,
  mean_kl double precision,
  primary key (model, point)
);

create table policy (
  id                 text primary key,
  model              text             not null,
  device_class       text             not null,
  point              text             not null,
  default_point      text             not null,
  target_ms          double precision not null,
  evidence_point     text,
  evidence_sessions  bigint,
  evidence_median_ms double precision,
  evidence_p95_ms    double precision,
  reason             text             not null,
  decided_at         timestamptz      not null,
  evaluated_at       timestamptz      not null,
  unique (model, device_class)
);

create sequence policy_change_id;
create table policy_change (
  id                 bigint primary key default nextval('policy_change_id'),
  policy_id          text             not null references policy on delete cascade,
  at                 timestamptz      not null,
  from_point         text             not null,
  to_point           text             not null,
  target_ms          double precision not null,
  evidence_point     text,
  evidence_sessions  bigint,
  evidence_median_ms double precision,
  evidence_p95_ms    double precision,
  reason             text             not null
);
create index policy_change_of on policy_change (policy_id, at desc);
