create table model (
  id             text primary key,
  import_id      uuid        not null unique,
  revision       text        not null,
  source         text        not null,
  config         text        not null,
  parameters     bigint      not null,
  tokenizer      text        not null,
  held_out_text  text,
  state          text        not null check (state in ('IMPORTING', 'PUBLISHED', 'FAILED')),
  total          int         not null,
  done           int         not null check (done between 0 and total),
  last_done      text,
  failure        text,
  publication    text,
  imported_at    timestamptz not null,
  check ((state = 'FAILED') = (failure is not null)),
  check ((state = 'PUBLISHED') = (publication is not null))
);
comment on column model.import_id is 'this run of the import; a withdrawn and repeated import gets another';
comment on column model.done is 'grows in the transaction that stores a task''s result, under the row''s lock';

create table import_task (
  import_id    uuid not null references model (import_id) on delete cascade,
  ladder       text not null,
  tensor_group text not null,
  model        text not null,
  state        text not null check (state in ('BLOCKED', 'OFFERED', 'LEASED', 'DONE')),
  attempt      int  not null default 0,
  worker       text,
  lease_until  timestamptz,
  offered_at   timestamptz,
  result       text,
  primary key (import_id, ladder, tensor_group),
  check (state <> 'LEASED' or (worker is not null and lease_until is not null)),
  check (state in ('BLOCKED', 'DONE') or offered_at is not null)
);
comment on column import_task.attempt is 'fencing token: grows with each claim; a result counts only from the last one';
create index import_task_open on import_task (lease_until, offered_at) where state in ('OFFERED', 'LEASED');
