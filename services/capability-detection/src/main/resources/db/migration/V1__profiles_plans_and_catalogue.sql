create table device_profile (
  id           uuid primary key,
  device_class text        not null,
  description  text        not null,
  report       jsonb       not null,
  created_at   timestamptz not null default now()
);

create index device_profile_class on device_profile (device_class);

create table plan (
  id         uuid primary key,
  profile    uuid        not null,
  model      text        not null,
  bundle     text        not null,
  document   jsonb       not null,
  created_at timestamptz not null default now()
);

create table catalogue_model (
  model        text primary key,
  published_at timestamptz not null,
  document     jsonb       not null
);

create table catalogue_kernels (
  revision     text primary key,
  published_at timestamptz not null,
  document     jsonb       not null
);

create table catalogue_preference (
  model        text        not null,
  device_class text        not null,
  point        text        not null,
  reason       text        not null,
  decided_at   timestamptz not null,
  primary key (model, device_class)
);

-- One row, updated with every change of the catalogue, so that replicas see cheaply whether to read again.
create table catalogue_version (
  version bigint not null
);

insert into catalogue_version values (0);
