// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.filter.FilterSpec;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.library.DatasetWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the writer writes, as our reader reads it; nothing stays open in the library. */
final class Hdf5WriterTest {

  static final ValueType INT32 = plain(ElementType.INT32);

  @TempDir private Path temp;

  private Path path() {
    return temp.resolve("written.h5");
  }

  static ValueType plain(ElementType type) {
    return new ValueType.Plain(Dtype.of(type));
  }

  static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static ByteBuffer random(int size, long seed) {
    return ByteBuffer.wrap(bytes(size, seed));
  }

  private static ByteBuffer direct(ByteBuffer bytes) {
    return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes.duplicate()).flip();
  }

  private static byte[] read(Dataset dataset, Hyperslab slab) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) slab.shape().size() * dataset.datatype().size());
    dataset.read(slab, buffer);
    return buffer.array();
  }

  static byte[] read(Dataset dataset) throws IOException {
    return read(dataset, Hyperslab.all(dataset.shape()));
  }

  static List<Object> values(Hdf5File file, String path) throws IOException {
    Dataset dataset = file.dataset(path);
    return dataset.values(Hyperslab.all(dataset.shape()));
  }

  static void refused(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ArrayException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @AfterEach
  void nothingStaysOpen() {
    assertNothingIsOpen();
  }

  static void assertNothingIsOpen() {
    // Not types: bytedeco's own calls leave some.
    int kinds =
        HDF5Constants.H5F_OBJ_FILE
            | HDF5Constants.H5F_OBJ_DATASET
            | HDF5Constants.H5F_OBJ_GROUP
            | HDF5Constants.H5F_OBJ_ATTR;
    assertThat(H5.H5Fget_obj_count(HDF5Constants.H5F_OBJ_ALL, kinds)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void writesEveryDtype(ElementType type) throws IOException {
    for (boolean big : new boolean[] {false, true}) {
      Dtype dtype = new Dtype(type, big);
      byte[] content = bytes(24 * type.size(), type.ordinal());
      if (type == ElementType.BOOL) {
        for (int i = 0; i < 24; i++) {
          content[i] &= 1;
        }
      }
      ByteBuffer bytes = ByteBuffer.wrap(content);
      try (Hdf5Writer writer = Hdf5Writer.create(path())) {
        DatasetCreation creation =
            DatasetCreation.of(new ValueType.Plain(dtype), Shape.of(2, 3, 4));
        DatasetWriter plain = writer.createDataset("/heap", creation);
        plain.write(Hyperslab.all(plain.shape()), bytes.duplicate());
        ByteBuffer consumed = direct(bytes);
        writer
            .createDataset("/direct", creation.chunk(Shape.of(1, 2, 4)).shuffle().gzip(1))
            .write(Hyperslab.all(Shape.of(2, 3, 4)), consumed);
        assertThat(consumed.hasRemaining()).isFalse();
        writer.attribute("/heap", "a", new ValueType.Plain(dtype), Shape.of(24), bytes.duplicate());
      }
      try (Hdf5File file = Hdf5File.open(path())) {
        for (String name : List.of("/heap", "/direct")) {
          assertThat(file.dataset(name).dtype()).contains(dtype);
          assertThat(read(file.dataset(name))).isEqualTo(content);
        }
        assertThat(file.dataset("/heap").attributes().find("a")).isPresent();
      }
    }
  }

  @Test
  void writesSlabsAndGrows() throws IOException {
    int[][] expected = new int[7][5];
    try (Hdf5Writer writer = Hdf5Writer.create(path())) {
      DatasetWriter dataset =
          writer.createDataset(
              "/a/b/grows",
              DatasetCreation.of(INT32, Shape.of(3, 5))
                  .maxDims(-1, 5)
                  .chunk(Shape.of(2, 2))
                  .fill(new byte[] {9, 0, 0, 0}));
      dataset.extend(7, 5);
      assertThat(dataset.shape()).isEqualTo(Shape.of(7, 5));
      for (int[] row : expected) {
        Arrays.fill(row, 9);
      }
      Hyperslab slab =
          Hyperslab.of(new long[] {1, 0}, new long[] {3, 3}, new long[] {2, 2}, new long[] {2, 1});
      ByteBuffer elements = ByteBuffer.allocate(4 * 8).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 8; i++) {
        elements.putInt(i);
        int row = (int) slab.coordinate(0, i / 2);
        expected[row][(int) slab.coordinate(1, i % 2)] = i;
      }
      dataset.write(slab, elements.flip());
      dataset.write(Hyperslab.of(new long[] {0, 0}, new long[] {0, 5}), ByteBuffer.allocate(0));
    }
    try (Hdf5File file = Hdf5File.open(path())) {
      Dataset dataset = file.dataset("/a/b/grows");
      assertThat(dataset.maxDims()).containsExactly(-1, 5);
      assertThat(dataset.chunk()).contains(Shape.of(2, 2));
      assertThat(values(file, "/a/b/grows"))
          .containsExactlyElementsOf(
              Arrays.stream(expected)
                  .flatMapToInt(Arrays::stream)
                  .mapToObj(i -> (Object) (long) i)
                  .toList());
    }
  }

  @Test
  void writesTextAndRecords() throws IOException {
    List<String> texts = List.of("größe", "", "a 😀", "a longer text than all of the others");
    ValueType fixed =
        new ValueType.Text(8, ValueType.Encoding.UTF_8, ValueType.Padding.NULL_PADDED);
    ValueType numbers = new ValueType.FixedArray(Shape.of(2), plain(ElementType.UINT16));
    ValueType record =
        new ValueType.Compound(
            32,
            List.of(
                new ValueType.Member("name", 0, DatasetCreation.TEXT),
                new ValueType.Member(
                    "list", 8, new ValueType.Sequence(16, plain(ElementType.UINT16))),
                new ValueType.Member("pair", 24, numbers),
                new ValueType.Member("flag", 28, plain(ElementType.BOOL))));
    try (Hdf5Writer writer = Hdf5Writer.create(path())) {
      writer
          .createDataset("/text", DatasetCreation.of(DatasetCreation.TEXT, Shape.of(4)))
          .writeText(Hyperslab.all(Shape.of(4)), texts);
      DatasetWriter filled =
          writer.createDataset(
              "/fixed",
              DatasetCreation.of(fixed, Shape.of(2))
                  .fill("filled\0\0".getBytes(StandardCharsets.UTF_8)));
      filled.write(
          Hyperslab.of(new long[] {1}, new long[] {1}),
          ByteBuffer.wrap("größe\0".getBytes(StandardCharsets.UTF_8)));
      ByteBuffer elements = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      elements.putLong(1).putLong(2).putLong(2).putShort((short) 7).putShort((short) -1);
      elements.put((byte) 1).position(64);
      writer
          .createDataset("/record", DatasetCreation.of(record, Shape.of(2)))
          .write(
              Hyperslab.all(Shape.of(2)),
              elements.flip(),
              List.of("first".getBytes(StandardCharsets.UTF_8), new byte[] {1, 0, 2, 0}));
      writer.attribute("/", "title", "über 😀");
      writer.attribute("/", "title", "größer 😀");
      writer.attribute("/text", "labels", texts);
      writer.attribute("/text", "count", 4L);
      writer.attribute("/text", "scale", 2.5);
      writer.softLink("/links/soft", "/text");
      writer.externalLink("/links/other", "none.h5", "/x");
    }
    try (Hdf5File file = Hdf5File.open(path())) {
      assertThat(values(file, "/text")).containsExactlyElementsOf(texts);
      assertThat(values(file, "/links/soft")).containsExactlyElementsOf(texts);
      assertThat(values(file, "/fixed")).containsExactly("filled", "größe");
      assertThat(values(file, "/record"))
          .containsExactly(
              Map.of(
                  "name",
                  "first",
                  "list",
                  List.of(1L, 2L),
                  "pair",
                  List.of(7L, 65535L),
                  "flag",
                  true),
              Map.of("name", "", "list", List.of(), "pair", List.of(0L, 0L), "flag", false));
      assertThat(attribute(file, "/", "title")).isEqualTo("größer 😀");
      assertThat(file.get("/text").attributes().find("labels").orElseThrow().values())
          .isEqualTo(texts);
      assertThat(attribute(file, "/text", "count")).isEqualTo(4L);
      assertThat(attribute(file, "/text", "scale")).isEqualTo(2.5);
    }
  }

  private static Object attribute(Hdf5File file, String path, String name) throws IOException {
    return file.get(path).attributes().find(name).orElseThrow().value();
  }

  @Test
  void writesChunksAsTheyAreStored() throws IOException {
    assertThat(Hdf5Writer.canWriteChunks()).isTrue();
    byte[] lz4 = {0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 16, 0, 0, 0, 16};
    byte[] values = bytes(16, 1);
    ByteBuffer chunk = ByteBuffer.allocate(32).put(lz4).put(values).flip();
    try (Hdf5Writer writer = Hdf5Writer.create(path())) {
      DatasetWriter dataset =
          writer.createDataset(
              "/lz4",
              DatasetCreation.of(INT32, Shape.of(8))
                  .chunk(Shape.of(4))
                  .filter(new FilterSpec(32004, "lz4", true, new int[] {16})));
      dataset.writeChunk(new long[] {4}, direct(chunk));
      dataset.writeChunk(new long[] {0}, chunk);
    }
    try (Hdf5File file = Hdf5File.open(path())) {
      byte[] all = read(file.dataset("/lz4"));
      assertThat(Arrays.copyOf(all, 16)).isEqualTo(values);
      assertThat(Arrays.copyOfRange(all, 16, 32)).isEqualTo(values);
    }
  }

  @Test
  void refusesWhatCannotBeStored() {
    DatasetCreation three = DatasetCreation.of(INT32, Shape.of(3));
    ErrorCode code = ErrorCode.STRUCTURE_INVALID;
    refused(code, () -> three.maxDims(2), "[2]");
    refused(code, () -> three.maxDims(3, 3), "[3, 3]");
    refused(code, () -> three.chunk(Shape.of(0)), "chunks");
    refused(code, () -> three.gzip(10), "10");
    refused(code, () -> three.fill(new byte[2]), "2 bytes");
    try (Hdf5Writer writer = Hdf5Writer.create(path())) {
      refused(code, () -> writer.createDataset("/d", three.maxDims(-1)), "chunks");
      refused(code, () -> writer.createDataset("/d", three.gzip(1)), "chunks");
      DatasetWriter dataset = writer.createDataset("/d", three);
      assertThatThrownBy(() -> dataset.write(Hyperslab.all(Shape.of(3)), ByteBuffer.allocate(8)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("12 bytes");
      refused(
          ErrorCode.HDF5_LIBRARY_FAILED,
          () -> dataset.write(Hyperslab.all(Shape.of(4)), ByteBuffer.allocate(16)),
          "/d");
      dataset.close();
      dataset.close();
      assertThatThrownBy(dataset::flush).isInstanceOf(IllegalStateException.class);
    }
  }
}
