package dev.facet.capability.domain.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.capability.Samples;
import dev.facet.capability.domain.catalogue.ModelOffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FootprintTest {
  private final ModelOffer docs = Samples.offer("docs-29m", Samples.docsShape());
  private final Footprint footprint = new Footprint(docs, CachePrecision.FLOAT32);

  /**
   * docs-29m by hand: 8 layers of (512 + 256 + 256 + 512) rows of 512, 3072 rows of 512 and 512
   * rows of 1536, an embedding of 8192 rows of 512 stored at 6 bits (a byte each), a scale byte per
   * 32 weights, a float per row, 17 norms of 512 floats.
   */
  @ParameterizedTest
  @CsvSource({"full-2,2", "full-3,3", "full-4,4", "reference-8,8"})
  void countsPackedWeights(String point, int bits) {
    long layerRows = 8L * (512 + 256 + 256 + 512 + 3072);
    long narrow = layerRows * (512 / 8 * bits + 16 + 4);
    long down = 8L * 512 * (1536 / 8 * bits + 48 + 4);
    long embedding = 8192L * (512 + 16 + 4);
    long norms = 17L * 512 * 4;

    assertThat(footprint.weights(docs.point(point).orElseThrow()))
        .isEqualTo(narrow + down + embedding + norms);
  }

  @Test
  void countsKeysAndValues() {
    assertThat(footprint.cache(1024)).isEqualTo(2L * 8 * 4 * 64 * 1024 * 4);
  }

  /**
   * One head: 256 blocks of 32 tokens x 64 channels, and 292 tokens in float16 (4 + 128 + 32 +
   * 128).
   */
  @ParameterizedTest
  @CsvSource({"2,2", "4,4", "4,2"})
  void countsKeysAndValuesInCodes(int keyBits, int valueBits) {
    Footprint coded = new Footprint(docs, CachePrecision.coded(keyBits, valueBits));

    long block = 32 * 64 * (keyBits + valueBits) / 8 + 64 * 4 + 32 * 4;
    long head = 251 * block + 2L * 228 * 64 * 2;
    assertThat(coded.cache(8192)).isEqualTo(8 * 4 * head);
  }

  @Test
  void twoBitsTakeAFifthOfFloat16AtEightThousandTokens() {
    Footprint coded = new Footprint(docs, CachePrecision.coded(2, 2));

    assertThat(coded.cache(8192)).isLessThanOrEqualTo(footprint.cache(8192) / 2 / 5);
  }

  @Test
  void everythingGrowsWithBitsAndContext() {
    long before = 0;
    for (String id : new String[] {"full-2", "full-3", "full-4", "reference-8"}) {
      long total = footprint.total(docs.point(id).orElseThrow(), 1024);
      assertThat(total).isGreaterThan(before);
      assertThat(footprint.total(docs.point(id).orElseThrow(), 512)).isLessThan(total);
      before = total;
    }
  }

  @Test
  void theLargestTensorIsTheEmbedding() {
    assertThat(footprint.largestTensor(docs.point("full-4").orElseThrow())).isEqualTo(8192 * 512);
  }
}
