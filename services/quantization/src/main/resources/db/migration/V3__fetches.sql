create table source_fetch (
  model          text primary key,
  source         text        not null,
  held_out_text  text,
  state          text        not null check (state in ('FETCHING', 'FAILED')),
  done           bigint      not null,
  total          bigint      not null,
  failure        text,
  worker         text,
  lease_until    timestamptz,
  begun_at       timestamptz not null,
  check ((state = 'FAILED') = (failure is not null))
);
comment on table source_fetch is 'checkpoints that come from other hosts, until they are imported';
comment on column source_fetch.done is 'bytes';
