// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import static io.sparkarrays.genericio.ReferenceFiles.FOLDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.npz.NpyArray;
import io.sparkarrays.npz.NpzFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of every kind against what their writers put in. */
final class GenericIOFileTest {

  static List<String> good() throws IOException {
    List<String> files = ReferenceFiles.good();
    assertThat(files).hasSize(23);
    return files;
  }

  @ParameterizedTest
  @MethodSource("good")
  void holdsWhatWasWritten(String name) throws IOException {
    try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve(name));
        NpzFile npz = NpzFile.open(ReferenceFiles.expectedOf(name))) {
      Map<String, NpyArray> expected = ReferenceFiles.expected(npz);
      long[] rows = new long[(int) expected.get("__nelems__").rows()];
      expected.get("__nelems__").read().asLongBuffer().get(rows);
      assertThat(file.ranks().stream().mapToLong(RankBlock::rows)).containsExactly(box(rows));
      assertThat(file.ranks().stream().mapToLong(RankBlock::number))
          .containsExactly(box(LongStream.range(0, rows.length).toArray()));
      assertThat(file.dims()).isEqualTo(new Coords(rows.length, 1, 1));
      assertThat(vector(file.origin()))
          .isEqualTo(expected.get("__origin__").read().asDoubleBuffer());
      assertThat(vector(file.scale())).isEqualTo(expected.get("__scale__").read().asDoubleBuffer());
      expected.keySet().removeIf(column -> column.startsWith("__"));
      assertThat(file.variables().stream().map(Variable::name))
          .containsExactlyInAnyOrderElementsOf(expected.keySet());
      for (Variable variable : file.variables()) {
        assertColumn(file, variable, expected.get(variable.name()));
      }
    }
  }

  private static Long[] box(long[] values) {
    return Arrays.stream(values).boxed().toArray(Long[]::new);
  }

  private static DoubleBuffer vector(Vector3 vector) {
    return DoubleBuffer.wrap(new double[] {vector.x(), vector.y(), vector.z()});
  }

  private static void assertColumn(GenericIOFile file, Variable variable, NpyArray expected)
      throws IOException {
    assertThat(Dtype.of(variable.elementType())).as(variable.name()).isEqualTo(expected.dtype());
    assertThat((long) variable.width()).isEqualTo(expected.row().size());
    ByteBuffer values = expected.read();
    ByteBuffer found = ByteBuffer.allocate(values.limit());
    for (int rank = 0; rank < file.ranks().size(); rank++) {
      ByteBuffer rows = file.read(rank, variable.name());
      assertThat(rows.order()).isEqualTo(file.order());
      found.put(ReferenceFiles.littleEndian(rows, rows.order(), variable.elementType().size()));
    }
    assertThat(found.flip()).as(variable.name()).isEqualTo(values);
  }

  @ParameterizedTest
  @MethodSource("good")
  void anyRangesOfRowsAreTheSame(String name) throws IOException {
    Random random = new Random(name.hashCode());
    try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve(name))) {
      for (int rank = 0; rank < file.ranks().size(); rank++) {
        for (int variable = 0; variable < file.variables().size(); variable++) {
          ByteBuffer all = file.read(rank, file.variables().get(variable).name());
          ColumnReader reader = file.column(rank, variable, random.nextBoolean());
          int rowBytes = (int) reader.rowBytes();
          for (int i = 0; i < 10; i++) {
            int from = random.nextInt((int) reader.rows() + 1);
            int to = from + random.nextInt((int) reader.rows() - from + 1);
            ByteBuffer rows = ByteBuffer.allocateDirect((to - from) * rowBytes);
            reader.read(from, to, rows);
            assertThat(rows.flip()).isEqualTo(all.slice(from * rowBytes, (to - from) * rowBytes));
          }
        }
      }
    }
  }

  @Test
  void filesOfHaccytreesHoldWhatWasPut() throws IOException {
    try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve("store/tmp_pos_0.tmp.gio"))) {
      assertThat(file.scale()).isEqualTo(new Vector3(64, 64, 64));
      for (int rank = 0; rank < file.ranks().size(); rank++) {
        try (NpzFile npz =
            NpzFile.open(FOLDER.resolve("store/tmp_pos_0.expected.rank-" + rank + ".npz"))) {
          assertThat(file.variables().stream().map(Variable::name).toList())
              .isSorted()
              .containsExactlyInAnyOrderElementsOf(npz.names());
          for (String name : npz.names()) {
            assertThat(file.read(rank, name)).isEqualTo(npz.array(name).read());
          }
        }
      }
    }
  }

  @Test
  void ranksOfASplitDataSetAreInOrder() throws IOException {
    try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve("gio/split_r4.gio"))) {
      assertThat(file.isSplit()).isTrue();
      assertThat(file.ranks().stream().map(rank -> rank.file().replaceAll(".*#", "")))
          .hasSize(4)
          .contains("3", "7");
      assertThat(file.ranks().stream().map(RankBlock::coords))
          .containsExactly(
              new Coords(0, 0, 0), new Coords(1, 0, 0), new Coords(2, 0, 0), new Coords(3, 0, 0));
    }
  }

  @Test
  void columnOfNoNumbersLeavesItsSiblingsReadable() throws IOException {
    try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve("more/long_double_r1.gio"))) {
      assertThat(file.variables().get(0).isReadable()).isFalse();
      assertThatThrownBy(() -> file.read(0, "odd"))
          .hasMessageStartingWith("[DTYPE_UNSUPPORTED] ")
          .hasMessageContaining("16");
      assertThat(file.read(0, "plain").asIntBuffer().get(2)).isEqualTo(2);
    }
  }

  @Test
  void unknownColumnIsAnsweredWithTheNames() throws IOException {
    try (GenericIOFile file = GenericIOFile.open(FOLDER.resolve("gio/p5_r1.gio"))) {
      assertThat(file.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThatThrownBy(() -> file.read(0, "x"))
          .hasMessageStartingWith("[COLUMN_UNKNOWN] ")
          .hasMessageContaining("[a_f4, b_f8, c_i4, d_i8, e_u2]");
    }
  }
}
