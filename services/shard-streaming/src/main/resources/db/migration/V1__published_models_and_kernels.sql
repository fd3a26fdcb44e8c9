create table published_model (
  model        text        not null,
  revision     text        not null,
  published_at timestamptz not null,
  document     jsonb       not null,
  primary key (model, revision)
);

-- One row, updated with every change, so that replicas see cheaply whether to read again.
create table publication_version (
  version bigint not null
);

insert into publication_version values (0);

-- One row: the kernel set announced last.
create table kernel_announcement (
  id           int primary key check (id = 1),
  revision     text        not null,
  announced_at timestamptz not null default now()
);
