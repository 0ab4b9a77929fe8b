// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Random tables of all dtypes, 1 to 9 ranks, go round: raw, compressed and split. */
class GenericIORoundTripProperties {

  private static final List<ElementType> TYPES =
      Stream.of(ElementType.values()).filter(type -> "iuf".indexOf(type.kind()) >= 0).toList();

  private Path folder;

  /** Rows of ranks × columns. */
  private record Table(FileLayout layout, List<List<ByteBuffer>> ranks) {

    long rows(int rank) {
      return ranks.get(rank).get(0).limit() / layout.variables().get(0).rowBytes();
    }
  }

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("genericio");
  }

  @AfterProperty
  void removeFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static Table table(Random random, int ranks, boolean compress) {
    List<Variable> variables = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(6); i++) {
      ElementType type = TYPES.get(random.nextInt(TYPES.size()));
      int width = random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 1;
      variables.add(Variable.of("column " + i, type, width));
    }
    FileLayout layout =
        FileLayout.of(variables, ranks)
            .inBox(new Vector3(1, 2, 3), new Vector3(random.nextDouble(), 64, 64));
    List<List<ByteBuffer>> rows = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      int count =
          random.nextInt(4) == 0 ? 0 : random.nextInt(random.nextInt(20) == 0 ? 30000 : 900);
      List<ByteBuffer> columns = new ArrayList<>();
      for (Variable variable : variables) {
        columns.add(column(random, (int) (count * variable.rowBytes())));
      }
      rows.add(columns);
    }
    return new Table(compress ? layout.compressed() : layout, rows);
  }

  /** Noise, which no compressor shortens, or bytes that repeat. */
  private static ByteBuffer column(Random random, int bytes) {
    byte[] column = new byte[bytes];
    if (random.nextBoolean()) {
      random.nextBytes(column);
    } else {
      int period = 1 + random.nextInt(200);
      for (int i = 0; i < column.length; i++) {
        column[i] = (byte) (i % period);
      }
    }
    return ByteBuffer.wrap(column);
  }

  private static void write(Table table, Path path, int from, int to) throws IOException {
    try (GenericIOWriter writer = GenericIOWriter.create(path, true, table.layout(), to - from)) {
      for (int rank = from; rank < to; rank++) {
        writer.rank(rank, table.rows(rank));
        for (ByteBuffer rows : table.ranks().get(rank)) {
          writer.column(rows.duplicate());
        }
      }
      writer.commit();
    }
  }

  private static void assertHolds(Path path, Table table) throws IOException {
    try (GenericIOFile file = GenericIOFile.open(path)) {
      assertThat(file.variables()).isEqualTo(table.layout().variables());
      assertThat(file.scale()).isEqualTo(table.layout().scale());
      assertThat(file.origin()).isEqualTo(table.layout().origin());
      assertThat(file.ranks()).hasSameSizeAs(table.ranks());
      for (int rank = 0; rank < table.ranks().size(); rank++) {
        assertThat(file.ranks().get(rank).number()).isEqualTo(rank);
        assertThat(file.ranks().get(rank).coords()).isEqualTo(new Coords(rank, 0, 0));
        for (int i = 0; i < file.variables().size(); i++) {
          assertThat(file.read(rank, "column " + i)).isEqualTo(table.ranks().get(rank).get(i));
        }
      }
    }
  }

  @Property(tries = 60)
  void plainFilesGoRound(
      @ForAll @IntRange(min = 1, max = 9) int ranks, @ForAll boolean compress, @ForAll long seed)
      throws IOException {
    Table table = table(new Random(seed), ranks, compress);
    Path path = folder.resolve("plain.gio");
    write(table, path, 0, ranks);
    assertHolds(path, table);
  }

  @Property(tries = 40)
  void splitSetsGoRoundAndReplaceEachOther(
      @ForAll @IntRange(min = 1, max = 9) int ranks, @ForAll boolean compress, @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    Table table = table(random, ranks, compress);
    Path path = folder.resolve("split.gio");
    List<Integer> before = List.copyOf(SplitFiles.parts(path));
    int first = SplitFiles.firstFree(path);
    int[] parts = new int[ranks];
    for (int rank = 0; rank < ranks; ) {
      int to = Math.min(ranks, rank + 1 + random.nextInt(3));
      write(table, SplitFiles.part(path, first + rank), rank, to);
      for (int of = first + rank; rank < to; rank++) {
        parts[rank] = of;
      }
    }
    SplitFiles.writeMap(path, true, parts);
    SplitFiles.removeParts(path, before);
    assertHolds(path, table);
  }
}
