// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SparkVersionsTest {

  @Test
  void testedAreThoseOfTheMatrix() throws IOException {
    assertThat(
            Files.readAllLines(Path.of("python/tests/smoke/spark-versions.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(version -> version.substring(0, version.lastIndexOf('.')))
                .distinct())
        .isEqualTo(SparkVersions.TESTED);
  }

  @Test
  void theSparkOfTheseTestsIsTested() {
    SparkSession spark = LocalSpark.session();
    assertThat(SparkVersions.warning(spark.version())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.0.0", "4.1.4", "4.2.0", "4.2.1-SNAPSHOT"})
  void nothingIsSaidOfTestedOnes(String version) {
    assertThat(SparkVersions.warning(version)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5.9", "4.3.0", "4.20.0", "5.0.0-preview1", "4"})
  void othersAreNamed(String version) {
    assertThat(SparkVersions.warning(version))
        .hasValueSatisfying(line -> assertThat(line).contains(version, "4.0, 4.1, 4.2"));
  }
}
