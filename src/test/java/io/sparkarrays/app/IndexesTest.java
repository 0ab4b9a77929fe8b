// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of indexes, read and written. */
final class IndexesTest {

  @Test
  void readsRangesSortedAndOnce() throws UsageException {
    assertThat(Indexes.parse("5-7, 1,6,12-12")).containsExactly(1, 5, 6, 7, 12);
  }

  @Test
  void writesRanges() {
    assertThat(Indexes.format(List.of(0, 1, 2, 5, 8, 9))).isEqualTo("0-2,5,8-9");
    assertThat(Indexes.format(List.of())).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",", "1,", "a", "-1", "1-", "7-5", "1--2", "1 2", "0-999999999", "9999999999"})
  void refusesOtherText(String text) {
    assertThatThrownBy(() -> Indexes.parse(text)).isInstanceOf(UsageException.class);
  }

  @Property
  void readsWhatItWrites(@ForAll Set<@IntRange(max = 60) Integer> indexes) throws UsageException {
    TreeSet<Integer> sorted = new TreeSet<>(indexes);
    if (!sorted.isEmpty()) {
      int[] read = Indexes.parse(Indexes.format(sorted));
      assertThat(Arrays.stream(read).boxed()).containsExactlyElementsOf(sorted);
    }
  }
}
