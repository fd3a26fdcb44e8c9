-- Imports are laid out anew in steps. Those that run cannot be continued; their models say so and can be imported again.
delete from import_task;

alter table model drop constraint model_state_check;
alter table model drop constraint model_check;
alter table model drop constraint model_check1;
alter table model drop constraint model_check2;
update model
set state = 'FAILED',
    failure = '{"type":"https://facet.dev/problems/import-interrupted","title":"Import interrupted","status":500,"detail":"The service was replaced by a later release while it imported this model. Import it again.","members":{}}'
where state = 'IMPORTING';

alter table model rename column held_out_text to given_text;
alter table model alter column total type bigint, alter column done type bigint;
alter table model add column stage_began timestamptz;
update model set stage_began = imported_at;
alter table model alter column stage_began set not null;
alter table model add column improvement bigint not null default 0;
alter table model add constraint model_state check (state in ('IMPORTING', 'IMPROVING', 'PUBLISHED', 'FAILED'));
alter table model add constraint model_done check (done between 0 and total);
alter table model add constraint model_failure check (state = 'PUBLISHED' or (state = 'FAILED') = (failure is not null));
alter table model add constraint model_publication check ((state in ('IMPROVING', 'PUBLISHED')) = (publication is not null));
comment on column model.total is 'work of the present stage, in about milliseconds of one core';
comment on column model.improvement is 'work of the second stage, 0 if there is none';

alter table import_task rename column ladder to step;
alter table import_task rename column tensor_group to subject;
alter table import_task add column cost bigint not null;
comment on column import_task.step is 'tasks of a step are opened once all tasks of the steps before it are done';
