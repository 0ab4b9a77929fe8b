// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static io.sparkarrays.clusterdata.Codes.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionStructureTest {

  private static final Dtype FLOAT32 = Dtype.of(ElementType.FLOAT32);
  private static final Shape FRAME = Shape.of(8, 10);

  private static PartitionStructure even(long frames, int partitions) {
    return PartitionStructure.even(Shape.of(frames), FRAME, FLOAT32, partitions);
  }

  @Test
  void writesWhatPythonsJsonDumpsWrites() {
    PartitionStructure structure =
        PartitionStructure.of(Shape.of(4, 6), FRAME, FLOAT32, 0, 5, 10, 24);
    assertThat(structure.toJson())
        .isEqualTo(
            "{\"version\": 1, \"slices\": [[0, 5], [5, 10], [10, 24]], \"shape\": [4, 6, 8, 10],"
                + " \"sig_dims\": 2, \"dtype\": \"float32\"}");
  }

  @Test
  void tellsWhereFramesAre() {
    PartitionStructure structure =
        PartitionStructure.of(Shape.of(4, 6), FRAME, new Dtype(ElementType.UINT16, true), 0, 5, 24);
    assertThat(structure.partitions()).isEqualTo(2);
    assertThat(structure.frames()).isEqualTo(24);
    assertThat(structure.frameBytes()).isEqualTo(160);
    assertThat(structure.partitionBytes(1)).isEqualTo(19 * 160);
    assertThat(structure.fileName(1)).isEqualTo("partition-00000001");
    assertThat(structure.bounds()).containsExactly(0, 5, 24);
    assertThat(structure).hasToString("scan (4, 6), frame (8, 10), >u2, 2 partitions");
    for (int frame = 0; frame < 24; frame++) {
      assertThat(structure.partitionOf(frame)).isEqualTo(frame < 5 ? 0 : 1);
    }
    assertThatThrownBy(() -> structure.partitionOf(24))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> structure.partitionOf(-1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> structure.from(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> structure.fileName(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** The bounds that LiberTEM 0.14.2 chose for its reference data sets, and one by hand. */
  @ParameterizedTest
  @CsvSource({
    "35, 4, '0 8 17 26 35'",
    "24, 5, '0 4 9 14 19 24'",
    "16, 3, '0 5 10 16'",
    "9, 1, '0 9'",
    "3, 3, '0 1 2 3'"
  })
  void cutsWhereLiberTemCuts(long frames, int partitions, String bounds) {
    assertThat(even(frames, partitions).bounds())
        .containsExactly(Arrays.stream(bounds.split(" ")).mapToLong(Long::parseLong).toArray());
  }

  @Test
  void roundsAsDoublesDo() {
    // In whole numbers 30 * 11 / 22 is 15; 11 * (30 / 22.0) is just below it.
    assertThat(even(30, 22).from(11)).isEqualTo(14);
  }

  @Test
  void everyEvenCutIsValid() {
    for (int frames = 1; frames <= 120; frames++) {
      for (int partitions = 1; partitions <= frames; partitions++) {
        PartitionStructure structure = even(frames, partitions);
        for (int k = 0; k < partitions; k++) {
          assertThat(structure.from(k)).isEqualTo((long) (k * (frames / (double) partitions)));
        }
        assertThat(structure.to(partitions - 1)).isEqualTo(frames);
      }
    }
  }

  @Test
  void everyPartitionHasAFrameWhereDoublesAreTooCoarse() {
    long frames = Long.MAX_VALUE / 1024;
    PartitionStructure structure =
        PartitionStructure.even(Shape.of(frames), Shape.of(1), Dtype.parse("uint8"), 100_000);
    assertThat(structure.bounds()).isSorted().doesNotHaveDuplicates().endsWith(frames);
  }

  @Test
  void moreOrFewerPartitionsThanFramesAllowAreRefused() {
    assertRefused(ErrorCode.OPTION_INVALID, () -> even(9, 10)).hasMessageContaining("9 frames");
    assertRefused(ErrorCode.OPTION_INVALID, () -> even(9, 0));
    assertRefused(ErrorCode.OPTION_INVALID, () -> even(0, 1));
  }

  @ParameterizedTest
  @CsvSource({"''", "'0'", "'1 24'", "'0 23'", "'0 25'", "'0 5 5 24'", "'0 9 5 24'", "'0 -1 24'"})
  void boundsThatDoNotCoverTheScanAreRefused(String text) {
    long[] bounds =
        text.isEmpty()
            ? new long[0]
            : Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    assertRefused(
        ErrorCode.STRUCTURE_INVALID,
        () -> PartitionStructure.of(Shape.of(4, 6), FRAME, FLOAT32, bounds));
  }

  @Test
  void shapesThatNoFileCanHoldAreRefused() {
    for (Shape[] shapes :
        new Shape[][] {
          {Shape.of(), FRAME},
          {Shape.of(4), Shape.of()},
          {Shape.of(4), Shape.of(0)},
          {Shape.of(4), Shape.of(Long.MAX_VALUE / 4)},
        }) {
      assertRefused(
          ErrorCode.STRUCTURE_INVALID,
          () -> PartitionStructure.of(shapes[0], shapes[1], FLOAT32, 0, shapes[0].size()));
    }
  }

  @Test
  void equalByValueAndOverSerialization() throws IOException, ClassNotFoundException {
    PartitionStructure structure = even(100_000, 100_000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(structure);
    }
    assertThat(bytes.size()).isLessThan(900_000);
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(structure).hasSameHashCodeAs(structure);
    }
    assertThat(structure)
        .isNotEqualTo(even(100_000, 99_999))
        .isNotEqualTo(
            PartitionStructure.even(Shape.of(100_000), FRAME, Dtype.of(ElementType.INT32), 100_000))
        .isNotEqualTo(PartitionStructure.even(Shape.of(1000, 100), FRAME, FLOAT32, 100_000));
    assertThat(PartitionStructure.parse(structure.toJson(), "text")).isEqualTo(structure);
  }
}
