// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.memdata.DistributedTrees.counted;
import static io.sparkarrays.spark.memdata.DistributedTrees.make;
import static io.sparkarrays.spark.memdata.DistributedTrees.spread;
import static io.sparkarrays.spark.memdata.DistributedTrees.tasks;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import io.sparkarrays.memdata.Compression;
import io.sparkarrays.memdata.DatasetSpec;
import io.sparkarrays.memdata.MemData;
import io.sparkarrays.memdata.MemGroup;
import io.sparkarrays.memdata.ReadOptions;
import io.sparkarrays.memdata.WriteOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chunks of Zarr arrays that tasks write. */
final class ChunkFilesTest {

  @TempDir Path temp;

  private static SparkDistributor byTasks(int blocks) {
    return spread(blocks).layout(SparkDistributor.Layout.PARTS);
  }

  private static void write(MemGroup root, Path file) {
    try {
      root.toFile(file, WriteOptions.DEFAULT.convertStrings(true, true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(tries = 8)
  void chunksOfAnyExtentsComeFromBlocksOfAny(@ForAll long seed) throws IOException {
    Path folder = Files.createTempDirectory("chunks");
    try {
      Random random = new Random(seed);
      long[] dims = new long[1 + random.nextInt(3)];
      long[] chunk = dims.clone();
      for (int axis = 0; axis < dims.length; axis++) {
        dims[axis] = random.nextInt(9);
        chunk[axis] = 1 + random.nextInt(5);
      }
      MemGroup root = new MemGroup(byTasks(1 + random.nextInt(4)));
      MemDatasetDistributed x = make(root, counted(dims), random.nextInt(dims.length));
      if (random.nextBoolean()) {
        x.chunks(Shape.of(chunk));
      }
      Path file = folder.resolve(random.nextBoolean() ? "t.zarr" : "t.zarr.zip");
      write(root, file);
      assertThat(MemGroup.fromFile(file).dataset("x").gather()).isEqualTo(counted(dims));
    } finally {
      MemData.removeFileOrFolder(folder);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"2,3; false", "1,6; false", "4,6; true", "3,3; true", "8,5; true", "none; false"})
  void onlyChunksOfSeveralBlocksAreMoved(String chunk, boolean moving) throws IOException {
    MemGroup root = new MemGroup(byTasks(4));
    MemDatasetDistributed x = make(root, counted(8, 6), 0);
    if (!chunk.equals("none")) {
      x.chunks(Shape.parse(chunk));
    }
    Path file = temp.resolve("t.zarr");
    int all = tasks(() -> write(root, file));
    assertThat(all).isEqualTo(moving ? 8 : 4);
    assertThat(MemGroup.fromFile(file).dataset("x").gather()).isEqualTo(counted(8, 6));
    try (var names = Files.list(file)) {
      assertThat(names.map(name -> name.getFileName().toString()))
          .containsExactlyInAnyOrder(".zattrs", ".zgroup", "x");
    }
    try (var names = Files.list(file.resolve("x"))) {
      assertThat(names.map(name -> name.getFileName().toString()))
          .contains(".zarray", ".zattrs")
          .allMatch(name -> name.matches("\\.z\\w+|\\d\\.\\d"));
    }
  }

  @ParameterizedTest
  @CsvSource({"t.zarr, PARTS", "t.zarr, PLAIN", "t.h5, PARTS", "t.h5, PLAIN"})
  void textsBecomeBytesInTasks(String name, SparkDistributor.Layout layout) throws IOException {
    ValueType unicode = new ValueType.Text(20, Encoding.UTF_32LE, Padding.NULL_PADDED);
    NdArray texts = NdArray.ofTexts("Test", "this", "works", "too").as(unicode);
    MemGroup root = new MemGroup(spread(3).layout(layout));
    make(root, texts, 0).chunks(Shape.of(3));
    Path file = temp.resolve(name);
    assertRefused(ErrorCode.TEXT_UNSUPPORTED, () -> root.toFile(file));
    write(root, file);
    assertThat(MemGroup.fromFile(file).dataset("x").type()).hasToString("S5");
    ReadOptions converted = ReadOptions.DEFAULT.convertStrings(true, true);
    assertThat(MemGroup.fromFile(file, converted).dataset("x").gather()).isEqualTo(texts);
    make(root, NdArray.ofTexts("schön").as(unicode), 0);
    assertRefused(ErrorCode.TEXT_UNSUPPORTED, () -> write(root, file));
    assertThat(MemGroup.fromFile(file, converted).dataset("x").gather())
        .as("what was there stays")
        .isEqualTo(texts);
  }

  @Test
  void chunksAreCompressedByTasks() throws IOException {
    MemGroup root = new MemGroup(byTasks(2));
    for (Compression how :
        new Compression[] {Compression.gzip(3), Compression.bitshuffle(0, "lz4")}) {
      root.createDataset(
          "deep/" + how.filter(),
          DatasetSpec.of(NdArray.zeros(counted(1).type(), Shape.of(64, 64)))
              .distributed(1)
              .chunks(Shape.of(64, 24))
              .compression(how));
    }
    Path file = temp.resolve("t.zarr");
    write(root, file);
    for (String name : new String[] {"gzip", "bitshuffle"}) {
      Path array = file.resolve("deep").resolve(name);
      assertThat(Files.readString(array.resolve(".zarray"))).contains("\"chunks\": [64, 24]");
      assertThat(Files.size(array.resolve("0.1"))).isBetween(1L, 64L * 24 * 8 / 4);
      assertThat(MemGroup.fromFile(file).dataset("deep/" + name).gather())
          .isEqualTo(root.dataset("deep/" + name).gather());
    }
  }
}
