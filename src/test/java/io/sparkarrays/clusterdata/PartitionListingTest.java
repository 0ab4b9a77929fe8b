// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static io.sparkarrays.clusterdata.Codes.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionListingTest {

  @TempDir private Path base;

  @ParameterizedTest
  @CsvSource({
    "partition-00000000, 0",
    "partition-00000012, 12",
    "partition-99999999, 99999999",
    "partition-100000000, 100000000",
    "partition-2147483647, 2147483647",
    "partition-2147483648, -1",
    "partition-0000001, -1",
    "partition-000000001, -1",
    "partition-0000000a, -1",
    "partition-00000001.bak, -1",
    "partition-00000002ab_x1z3q, -1",
    "partition--0000001, -1",
    "Partition-00000001, -1",
    ".tmp-partition-00000001-x, -1",
    "partition-, -1",
    "structure.json, -1"
  })
  void knowsPartitionsByTheirNames(String name, int index) {
    assertThat(PartitionListing.indexOf(name)).isEqualTo(index);
    if (index >= 0) {
      assertThat(PartitionListing.fileName(index)).isEqualTo(name);
    }
  }

  @Test
  void listsSizesByIndex() throws IOException {
    Path parts = Files.createDirectory(base.resolve("parts"));
    Files.write(parts.resolve("partition-00000012"), new byte[5]);
    Files.write(parts.resolve("partition-00000003"), new byte[7]);
    Files.write(parts.resolve(".tmp-partition-00000004-x"), new byte[7]);
    Files.write(parts.resolve("partition-00000004ab_x1z3q"), new byte[7]);
    Files.createDirectory(parts.resolve("partition-00000005"));
    Files.createSymbolicLink(parts.resolve("partition-00000006"), base.resolve("nowhere"));
    Files.createSymbolicLink(
        parts.resolve("partition-00000007"), parts.resolve("partition-00000012"));

    PartitionListing listing = PartitionListing.of(base);

    assertThat(listing.size()).isEqualTo(5);
    int[][] expected = {{3, 7}, {5, -1}, {6, -1}, {7, 5}, {12, 5}};
    for (int n = 0; n < 5; n++) {
      assertThat(listing.index(n)).isEqualTo(expected[n][0]);
      assertThat(listing.bytes(n)).isEqualTo(expected[n][1]);
      assertThat(listing.bytesOf(expected[n][0])).hasValue(expected[n][1]);
    }
    assertThat(listing.bytesOf(4)).isEmpty();
    assertThat(listing)
        .isEqualTo(PartitionListing.of(base))
        .hasSameHashCodeAs(PartitionListing.of(base))
        .hasToString("5 partition files");
  }

  @Test
  void noFolderIsNoPartition() {
    assertThat(PartitionListing.of(base).size()).isZero();
    assertThat(PartitionListing.of(base.resolve("absent")).size()).isZero();
    assertThat(base).isEmptyDirectory();
  }

  @Test
  void fileInTheFoldersPlaceIsRefused() throws IOException {
    Files.createFile(base.resolve("parts"));
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> PartitionListing.of(base));
  }

  /** What would be waited for, or be taken for a disk without partitions. */
  @ParameterizedTest
  @ValueSource(strings = {"pipe", "link", "file"})
  @EnabledOnOs(OS.LINUX)
  @Timeout(30)
  void whatIsNoFolderIsRefused(String kind) throws Exception {
    Path parts = base.resolve("parts");
    switch (kind) {
      case "pipe" ->
          assertThat(new ProcessBuilder("mkfifo", parts.toString()).start().waitFor()).isZero();
      case "link" -> Files.createSymbolicLink(parts, base.resolve("not-mounted"));
      default -> Files.createFile(parts);
    }
    assertRefused(ErrorCode.NOT_A_DATA_SET, () -> PartitionListing.of(base))
        .hasMessageContaining(parts.toString());
  }
}
