package dev.facet.quantization.domain.checkpoint;

import dev.facet.quantization.domain.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a byte-level tokenizer splits text into words, by the names that GGUF files use.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/blob/master/src/llama-vocab.cpp">the names'
 *     meaning</a>
 */
enum TextSplitting {
  GPT2(
      Set.of("gpt-2", "phi-2", "mpt", "olmo", "jais", "roberta-bpe", "trillion", "exaone4"),
      false,
      List.of(),
      true),

  SINGLE_DIGITS(
      Set.of("smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"),
      false,
      List.of("\\p{N}"),
      true),

  LLAMA3(
      Set.of("llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral"),
      true,
      List.of(Words.begin() + "|\\p{N}{1,3}" + Words.end("")),
      false),

  QWEN2(
      Set.of("qwen2", "stablelm2", "hunyuan", "megrez", "deepseek-r1-qwen"),
      false,
      List.of(Words.begin() + "|\\p{N}" + Words.end("")),
      false),

  TEKKEN(
      Set.of("tekken"),
      true,
      List.of(
          "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
              + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
              + "|\\p{N}"
              + Words.end("/")),
      false),

  DEFAULT(
      Set.of("default"),
      false,
      List.of(
          "[\\p{P}\\$\\+<=>\\^~\\|]+",
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)",
          "\\p{N}+",
          "[0-9][0-9][0-9]"),
      false);

  private static final String NAME = "tokenizer.ggml.pre";

  private final Set<String> names;
  private final boolean wholeWordsFirst;
  private final List<String> patterns;
  private final boolean wordsOfGpt2;

  TextSplitting(
      Set<String> names, boolean wholeWordsFirst, List<String> patterns, boolean wordsOfGpt2) {
    this.names = names;
    this.wholeWordsFirst = wholeWordsFirst;
    this.patterns = patterns;
    this.wordsOfGpt2 = wordsOfGpt2;
  }

  /**
   * @throws dev.facet.quantization.domain.gguf.GgufProblem for a name that is not known
   */
  static TextSplitting of(GgufMetadata metadata) {
    String name = metadata.string(NAME, "default");
    return Arrays.stream(values())
        .filter(splitting -> splitting.names.contains(name))
        .findFirst()
        .orElseThrow(() -> metadata.wrong(NAME, "is %s; known: %s".formatted(name, known())));
  }

  private static String known() {
    Set<String> known = new TreeSet<>();
    Arrays.stream(values()).forEach(splitting -> known.addAll(splitting.names));
    return String.join(", ", known);
  }

  /** Whether a word that is a token is not merged from its bytes. */
  boolean wholeWordsFirst() {
    return wholeWordsFirst;
  }

  /** The pre_tokenizer of a tokenizer.json. */
  Map<String, Object> preTokenizer() {
    List<Object> steps = new ArrayList<>();
    for (String pattern : patterns) {
      Map<String, Object> split = new LinkedHashMap<>();
      split.put("type", "Split");
      split.put("pattern", Map.of("Regex", pattern));
      split.put("behavior", "Isolated");
      split.put("invert", false);
      steps.add(split);
    }
    steps.add(byteLevel(wordsOfGpt2));
    Map<String, Object> sequence = new LinkedHashMap<>();
    sequence.put("type", "Sequence");
    sequence.put("pretokenizers", steps);
    return sequence;
  }

  /** The step that writes bytes as printable characters. */
  static Map<String, Object> byteLevel(boolean splitting) {
    Map<String, Object> step = new LinkedHashMap<>();
    step.put("type", "ByteLevel");
    step.put("add_prefix_space", false);
    step.put("trim_offsets", true);
    step.put("use_regex", splitting);
    return step;
  }

  /** What the patterns of newer models share. */
  private static final class Words {
    static String begin() {
      return "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
          + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
    }

    static String end(String afterPunctuation) {
      return "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n"
          + afterPunctuation
          + "]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }
  }
}
