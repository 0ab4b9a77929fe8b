// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of data sets and columns as users write them. */
class DatasetNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/entry/data|/entry/data|data",
        "data|data|data",
        "/entry/data as counts|/entry/data|counts",
        " /entry/data  AS  counts |/entry/data|counts",
        "/entry/basis|/entry/basis|basis",
        "`/a,b/c as d`|/a,b/c as d|c as d",
        "`/a,b/c as d` as e|/a,b/c as d|e",
        "/a b/c d as `e f`|/a b/c d|e f",
        "/x as y as z|/x as y|z",
        "/größe/Δ|/größe/Δ|Δ"
      })
  void pathAndColumn(String text, String path, String column) {
    assertThat(DatasetName.parse(text)).isEqualTo(new DatasetName(path, column));
  }

  @Test
  void aSlashAtTheEndIsNoName() {
    assertThat(DatasetName.of("/entry/data/").column()).isEqualTo("data");
  }
}
