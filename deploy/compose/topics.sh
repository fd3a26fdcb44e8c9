#!/bin/sh
# Creates the topics of docs/wire.md, each with its dead-letter topic; running it again changes nothing.
set -eu
bootstrap=$1

topic() {
  name=$1 partitions=$2 cleanup=$3
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$bootstrap" --create --if-not-exists \
    --topic "$name" --partitions "$partitions" --config "cleanup.policy=$cleanup"
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$bootstrap" --create --if-not-exists \
    --topic "$name.dlq" --partitions 1 --config cleanup.policy=delete --config retention.ms=1209600000
}

topic device-profiles 1 compact
topic model-published 1 compact
topic kernels-published 1 compact
topic precision-policies 1 compact
topic shards-delivered 1 delete
topic client-metrics 4 delete
topic quantization-tasks 4 delete
