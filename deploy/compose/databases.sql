create database capability;
create database quantization;
create database streaming;
create database telemetry;
