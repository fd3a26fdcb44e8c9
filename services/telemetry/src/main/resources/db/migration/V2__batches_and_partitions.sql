-- Aggregates and counted ids by day: what is too old goes by dropping a table, not by deleting rows. Days are made by the
-- service, ahead of time; those of measurements that are already there are made here.

-- Ids of counted events, one row for each session in each transaction: 16 bytes an id, one after the other.
create table counted_ids (
  session    text        not null,
  counted_at timestamptz not null default now(),
  ids        bytea       not null
) partition by range (counted_at);
create index counted_ids_session on counted_ids (session);

-- How far each partition of client-metrics is counted. Its row is the lock under which that is done.
create table log_position (
  partition   int primary key,
  next_offset bigint      not null default 0,
  counted_at  timestamptz not null default now()
);

alter table cell rename to cell_before;
alter table session_window rename to session_window_before;
drop index cell_age, session_window_votes, session_window_recorded;
alter index cell_pkey rename to cell_before_pkey;
alter index session_window_pkey rename to session_window_before_pkey;

create table cell (like cell_before including defaults, primary key (model, device_class, point, window_start))
  partition by range (window_start);

create table session_window (like session_window_before including defaults,
  primary key (model, device_class, point, window_start, session)) partition by range (window_start);
create index session_window_votes on session_window (model, device_class, last_at) where vote_ms is not null;
create index session_window_recorded on session_window (recorded_at);

-- Everything else that is measured in a cell, by name (docs/telemetry.md). sketch: DDSketch, null where only a count is kept.
create table cell_measure (
  model        text        not null,
  device_class text        not null,
  point        text        not null,
  window_start timestamptz not null,
  measure      text        not null,
  total        double precision not null default 0,
  sketch       bytea,
  primary key (model, device_class, point, window_start, measure)
) partition by range (window_start);

do $$
declare
  start timestamptz;
  parent text;
begin
  for start in
    select distinct date_trunc('day', at, 'UTC') from (
      select window_start as at from cell_before
      union select window_start from session_window_before
      union select counted_at from counted_event) as times
  loop
    foreach parent in array array['cell', 'session_window', 'cell_measure', 'counted_ids'] loop
      execute format('create table %I partition of %I for values from (%L) to (%L)',
        parent || '_' || to_char(start at time zone 'UTC', 'YYYYMMDD'), parent, start, start + interval '1 day');
    end loop;
  end loop;
end $$;

insert into cell select * from cell_before;
insert into session_window select * from session_window_before;
insert into counted_ids (session, counted_at, ids)
  select session, counted_at, string_agg(uuid_send(event_id), ''::bytea) from counted_event group by session, counted_at;
drop table cell_before, session_window_before, counted_event;

create index inbox_age on inbox (received_at);
