# shellcheck shell=bash
# Coverage-guided fuzzing of the readers of checkpoints, with Jazzer.

# Prints the class that is fuzzed for a reader.
fuzz_target() {
  case $1 in
    safetensors) echo dev.facet.quantization.domain.checkpoint.SafetensorsFuzz ;;
    gguf) echo dev.facet.quantization.domain.checkpoint.GgufFuzz ;;
    tokenizer) echo dev.facet.quantization.adapter.tokenizer.TokenizerFuzz ;;
    *) fail "there is no reader '$1' to fuzz" "safetensors, gguf and tokenizer are there" ;;
  esac
}

# What fuzzing learns is kept beside the build; what it finds is written there too, and belongs into
# src/test/resources/fuzz/READER once it is understood.
run_fuzz() {
  local readers=(safetensors gguf tokenizer) seconds=60 module="$FACET_ROOT/services/quantization"
  if [ $# -gt 0 ] && ! [[ $1 =~ ^[0-9]+$ ]]; then readers=("$1") && shift; fi
  if [ $# -gt 0 ]; then seconds=$1; fi
  local reader class path_file="$module/target/fuzz/classpath"
  for reader in "${readers[@]}"; do fuzz_target "$reader" >/dev/null; done
  mkdir -p "$module/target/fuzz"
  (cd "$FACET_ROOT" && JAVA_HOME=$FACET_JDK mvn -q -Pfuzz -pl services/quantization -am -DskipTests install &&
    JAVA_HOME=$FACET_JDK mvn -q -Pfuzz -pl services/quantization dependency:build-classpath \
      -Dmdep.outputFile="$path_file") || fail "the readers do not compile"
  for reader in "${readers[@]}"; do
    class=$(fuzz_target "$reader")
    local learnt="$module/target/fuzz/$reader"
    mkdir -p "$learnt"
    printf 'fuzz: %s for %s s\n' "$reader" "$seconds"
    (cd "$learnt" && "$FACET_JDK/bin/java" -Xmx1g --add-modules jdk.incubator.vector \
      -cp "$module/target/test-classes:$module/target/classes:$(cat "$path_file")" \
      com.code_intelligence.jazzer.Jazzer --target_class="$class" \
      --instrumentation_includes='dev.facet.quantization.**' --custom_hook_includes='dev.facet.quantization.**' --reproducer_path="$learnt" \
      -max_total_time="$seconds" -timeout=25 -rss_limit_mb=3072 -max_len=65536 -print_final_stats=1 \
      "$learnt" "$module/src/test/resources/fuzz/$reader") ||
      fail "$reader: see $learnt for the input that was found"
  done
}
