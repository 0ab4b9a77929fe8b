// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import static io.sparkarrays.memdata.MemGroupTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GroupCopyTest {

  private static final ValueType UNICODE =
      new ValueType.Text(20, Encoding.UTF_32LE, Padding.NULL_PADDED);

  @TempDir Path temp;

  private static MemGroup tree() {
    MemGroup root = new MemGroup();
    root.createDataset("z", DatasetSpec.of(NdArray.of(0L, 1L, 2L, 3L, 4L, 5L)));
    root.createDataset("a/d", DatasetSpec.of(3, 4).chunks(Shape.of(2, 2)));
    root.createGroup("a/b").attrs().put("k", 1);
    root.attrs().put("top", "t");
    return root;
  }

  @Test
  void nodesAreVisitedInOrderAndCanBeChanged() {
    List<String> visited = new ArrayList<>();
    MemGroup copy = new MemGroup();
    copy.attrs().put("kept", 1);
    MemData.deepGroupCopy(
        tree(),
        copy,
        CopyOptions.DEFAULT.postprocess(
            (from, to) -> {
              visited.add(from.name());
              to.attrs().put("from", from.name());
            }));
    assertThat(visited).containsExactly("/", "/a", "/a/b", "/a/d", "/z");
    assertThat(copy.names()).containsExactly("a", "z");
    assertThat(copy.group("a").names()).containsExactly("b", "d");
    assertThat(copy.attrs()).containsOnlyKeys("kept", "top", "from");
    assertThat(copy.get("a/d").attrs()).containsEntry("from", "/a/d");
    assertThat(copy.dataset("a/d").chunks()).contains(Shape.of(2, 2));
  }

  @Test
  void aCopyIsDeepUnlessDatasetsAreShared() {
    MemGroup root = tree();
    MemGroup deep = MemGroup.fromGroup(root);
    MemGroup shared = new MemGroup();
    MemData.deepGroupCopy(root, shared, CopyOptions.DEFAULT.shared(Set.of("/z", "none")));
    MemGroup shallow = new MemGroup();
    MemData.deepGroupCopy(root, shallow, CopyOptions.DEFAULT.shallow(true));
    root.dataset("z").write(NdArray.of(-1L), Index.at(0));
    root.dataset("z").attrs().put("new", true);
    root.dataset("a/d").write(NdArray.of(8.0));
    assertThat(deep.dataset("z").read(Index.at(0)).get()).isEqualTo(0L);
    assertThat(shared.dataset("z").read(Index.at(0)).get()).isEqualTo(-1L);
    assertThat(shared.dataset("z").attrs()).containsKey("new");
    assertThat(shared.dataset("a/d").read(Index.at(0), Index.at(0)).get()).isEqualTo(0.0);
    assertThat(shallow.dataset("a/d").read(Index.at(0), Index.at(0)).get()).isEqualTo(8.0);
    CopyOptions contradiction =
        CopyOptions.DEFAULT.shared(Set.of("z")).selections(Map.of("z", Index.parse(":2")));
    assertRefused(
        ErrorCode.OPTION_INVALID, () -> MemData.deepGroupCopy(root, new MemGroup(), contradiction));
  }

  @Test
  void partsOfTreesAreCopiedFromWhereTheyAreToWhereTheyShallBe() {
    MemGroup root = tree();
    MemGroup target = new MemGroup();
    MemData.deepGroupCopy(root.group("a"), target.createGroup("x/y"), CopyOptions.DEFAULT);
    assertThat(target.group("x/y").names()).containsExactly("b", "d");
    assertThat(target.get("x/y/b").attrs()).containsEntry("k", 1L);
    assertRefused(
        ErrorCode.MEMDATA_EXISTS,
        () -> MemData.deepGroupCopy(root.group("a"), target.group("x/y"), CopyOptions.DEFAULT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr", "f.zarr.zip"})
  void selectionsAreHeededToFilesAndFromThem(String name) throws IOException {
    MemGroup root = tree();
    NdArray d = NdArray.zeros(root.dataset("a/d").type(), Shape.of(3, 4));
    for (int i = 0; i < 12; i++) {
      d.set(i, i / 4, i % 4);
    }
    root.dataset("a/d").write(d);
    Path file = temp.resolve(name);
    root.toFile(file);
    Map<String, List<Index>> selections =
        Map.of("/z", Index.parse("1::2"), "a/d", Index.parse("[2, 0], -1:0:-2"));
    MemGroup part = MemGroup.fromFile(file, ReadOptions.DEFAULT.selections(selections));
    assertThat(part.dataset("z").gather().values()).containsExactly(1L, 3L, 5L);
    assertThat(part.dataset("a/d").gather().values()).containsExactly(11.0, 9.0, 3.0, 1.0);
    Path other = temp.resolve("part.zarr");
    try (DiskGroup from = FileFormat.guess(file).open(file, "r");
        DiskGroup to = FileFormat.ZARR.open(other, "w")) {
      MemData.deepGroupCopy(from, to, CopyOptions.DEFAULT.selections(selections));
    }
    assertThat(MemGroup.fromFile(other).dataset("a/d").gather())
        .isEqualTo(part.dataset("a/d").gather());
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr"})
  void pathsThatTheFileDoesNotHaveAreRefused(String name) throws IOException {
    Path file = temp.resolve(name);
    tree().toFile(file);
    for (String path : List.of("a/D", "/a/dd", "d", "a", "/", "a/d/x")) {
      assertThatThrownBy(
              () ->
                  MemGroup.fromFile(
                      file, ReadOptions.DEFAULT.selections(Map.of(path, Index.parse(":2")))))
          .isInstanceOf(ArrayException.class)
          .hasMessageContainingAll("[MEMDATA_MISSING]", name, "no data set '" + path + "'", "/a/d");
      assertRefused(
          ErrorCode.MEMDATA_MISSING,
          () ->
              MemGroup.fromFile(
                  file, ReadOptions.DEFAULT.hints(Map.of(path, new ReadOptions.Hint(true, 0)))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr"})
  void unicodeNeedsConversion(String name) throws IOException {
    Path file = temp.resolve(name);
    NdArray texts = NdArray.ofTexts("Test", "this", "works").as(UNICODE);
    MemGroup root = new MemGroup();
    root.createDataset("t", DatasetSpec.of(texts));
    assertRefused(ErrorCode.TEXT_UNSUPPORTED, () -> root.toFile(file));
    assertThat(file).doesNotExist();
    root.toFile(file, WriteOptions.DEFAULT.convertStrings(true, true));
    assertThat(MemGroup.fromFile(file).dataset("t").type()).hasToString("S5");
    assertThat((byte[]) MemGroup.fromFile(file).dataset("t").read(Index.at(0)).get())
        .containsExactly('T', 'e', 's', 't');
    ReadOptions converted = ReadOptions.DEFAULT.convertStrings(true, true);
    assertThat(MemGroup.fromFile(file, converted).dataset("t").gather()).isEqualTo(texts);
    texts.set("sch\u00f6n", 1);
    assertRefused(
        ErrorCode.TEXT_UNSUPPORTED,
        () -> root.toFile(file, WriteOptions.DEFAULT.convertStrings(true, true)));
    assertThat(MemGroup.fromFile(file, converted).dataset("t").read(Index.at(1)).get())
        .as("what was there stays")
        .isEqualTo("this");
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr", "f.zarr.zip"})
  void textsOfAnyLengthAndScalarsGoThroughFiles(String name) throws IOException {
    Path file = temp.resolve(name);
    MemGroup root = new MemGroup();
    NdArray texts = NdArray.ofTexts("", "h\u00e9", "a longer one", "x").reshape(Shape.of(2, 2));
    root.createDataset("texts", DatasetSpec.of(texts));
    root.createDataset("scalar", DatasetSpec.of(NdArray.of(2.5).reshape(Shape.of())));
    root.createDataset("none", DatasetSpec.of(0, 3));
    root.toFile(file);
    MemGroup again = MemGroup.fromFile(file);
    assertThat(again.dataset("texts").gather().values()).isEqualTo(texts.values());
    assertThat(again.dataset("scalar").gather().get()).isEqualTo(2.5);
    assertThat(again.dataset("none").shape()).isEqualTo(Shape.of(0, 3));
  }

  @Test
  void whatIsAddedToATreeOfLinksLeavesItsArrays() throws IOException {
    Path stored = temp.resolve("stored.zarr");
    MemGroup root = new MemGroup();
    root.createDataset("x", DatasetSpec.of(NdArray.of(1.0, 2.0)));
    root.toFile(stored);
    Path elsewhere = Files.move(stored.resolve("x"), temp.resolve("x"));
    Files.createSymbolicLink(stored.resolve("x"), Path.of("../x"));
    Path file = Files.createSymbolicLink(temp.resolve("f.zarr"), stored);
    MemGroup more = new MemGroup();
    more.createDataset("y", DatasetSpec.of(NdArray.of(3.0)));
    more.toFile(file, WriteOptions.DEFAULT.mode("a"));
    assertThat(MemGroup.fromFile(file).names()).containsExactly("x", "y");
    assertThat(MemGroup.fromFile(file).dataset("x").gather()).isEqualTo(NdArray.of(1.0, 2.0));
    assertThat(elsewhere).isNotEmptyDirectory();
    assertThat(MemGroup.fromFile(stored).names()).containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr", "f.zarr.zip"})
  void modesSayWhatBecomesOfAFile(String name) throws IOException {
    Path file = temp.resolve(name);
    tree().toFile(file, WriteOptions.DEFAULT.mode("w-"));
    assertRefused(
        ErrorCode.MEMDATA_EXISTS, () -> tree().toFile(file, WriteOptions.DEFAULT.mode("w-")));
    MemGroup more = new MemGroup();
    more.createGroup("more");
    if (name.endsWith("zip")) {
      assertRefused(
          ErrorCode.OPERATION_UNSUPPORTED, () -> more.toFile(file, WriteOptions.DEFAULT.mode("a")));
    } else {
      more.toFile(file, WriteOptions.DEFAULT.mode("a"));
      assertThat(MemGroup.fromFile(file).names()).containsExactly("a", "more", "z");
      assertRefused(
          ErrorCode.MEMDATA_EXISTS, () -> more.toFile(file, WriteOptions.DEFAULT.mode("a")));
    }
    assertThat(MemGroup.fromFile(file).contains("z")).isTrue();
    more.toFile(file);
    assertThat(MemGroup.fromFile(file).names()).containsExactly("more");
    assertRefused(
        ErrorCode.OPTION_INVALID, () -> more.toFile(file, WriteOptions.DEFAULT.mode("q")));
    try (var files = Files.list(temp)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly(name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr"})
  void chunksAndCompressionAreInTheFile(String name) throws IOException {
    Path file = temp.resolve(name);
    MemGroup root = new MemGroup();
    NdArray data = NdArray.zeros(io.sparkarrays.core.ElementType.INT32, 64, 40);
    for (int i = 0; i < 64; i++) {
      data.set(i, i, i % 40);
    }
    DatasetSpec spec = DatasetSpec.of(data).chunks(Shape.of(16, 99));
    root.createDataset("gzip", spec.compression(Compression.gzip(4)));
    root.createDataset("plain", DatasetSpec.of(data));
    root.toFile(file);
    try (DiskGroup disk = FileFormat.guess(file).open(file, "r")) {
      assertThat(disk.dataset("gzip").chunks()).contains(Shape.of(16, 40));
      assertThat(disk.dataset("plain").chunks().isPresent()).isEqualTo(name.endsWith("zarr"));
      assertThat(disk.dataset("gzip").read()).isEqualTo(data);
    }
    if (name.endsWith("zarr")) {
      root.createDataset("bits", spec.compression(Compression.bitshuffle(0, "lz4")));
      root.toFile(file);
      assertThat(Files.readString(file.resolve("bits/.zarray")))
          .contains("\"cname\": \"lz4\"", "\"shuffle\": 2");
      assertThat(MemGroup.fromFile(file).dataset("bits").gather()).isEqualTo(data);
      assertThat(Files.readString(file.resolve("plain/.zarray"))).contains("\"compressor\": null");
      assertThat(Files.size(file.resolve("gzip/0.0"))).isLessThan(16 * 40 * 4);
    } else {
      assertThat(MemGroup.fromFile(file).dataset("gzip").compression())
          .contains(Compression.gzip(4));
      root.createDataset("bits", spec.compression(Compression.bitshuffle(0, "lz4")));
      assertRefused(ErrorCode.UNSUPPORTED_FILTER, () -> root.toFile(file));
    }
    assertThatThrownBy(() -> Compression.gzip(10)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void formatsAreGuessedAndChecked() throws IOException {
    assertThat(FileFormat.guess(Path.of("a.zarr"))).isEqualTo(FileFormat.ZARR);
    assertThat(FileFormat.guess(Path.of("a.zarr.zip"))).isEqualTo(FileFormat.ZARR);
    assertThat(FileFormat.guess(temp)).isEqualTo(FileFormat.ZARR);
    for (String name : List.of("a.h5", "a.H5", "a.nc", "a", "a.ZARR")) {
      assertThat(FileFormat.guess(Path.of(name))).isEqualTo(FileFormat.HDF5);
    }
    FileFormat.check(Path.of("a.h5"), FileFormat.HDF5, new MemGroup());
    FileFormat.check(Path.of("a.zarr"), null, null);
    assertRefused(
        ErrorCode.OPTION_INVALID, () -> FileFormat.check(Path.of("a.h5"), FileFormat.ZARR, null));
    Path odd = temp.resolve("odd.name");
    tree().toFile(odd, WriteOptions.DEFAULT.format(FileFormat.ZARR));
    try (DiskGroup disk = FileFormat.ZARR.open(odd, "r")) {
      assertThat(disk.format()).isEqualTo(FileFormat.ZARR);
      assertRefused(ErrorCode.OPTION_INVALID, () -> FileFormat.check(Path.of("a.h5"), null, disk));
    }
    assertRefused(ErrorCode.PATH_NOT_FOUND, () -> MemGroup.fromFile(temp.resolve("none.h5")));
    assertRefused(
        ErrorCode.OPTION_INVALID, () -> FileFormat.ZARR.open(temp.resolve("x.zarr"), "q"));
  }

  @Test
  void filesAreOpenedOnceAndGroupsAreLeftOpen() throws IOException {
    Path file = temp.resolve("f.zarr");
    MemGroup root = tree();
    root.toFile(file);
    try (MemData.OpenedFile opened = MemData.openFile(file.toString(), null, "r")) {
      assertThat(opened.opened()).isTrue();
      assertThat(opened.group().names()).containsExactly("a", "z");
    }
    try (MemData.OpenedFile given = MemData.openFile(root, null, "r")) {
      assertThat(given.opened()).isFalse();
      assertThat(given.group()).isSameAs(root);
    }
    assertThatThrownBy(() -> MemData.openFile(7, null, "r"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(MemData.isGroup(root)).isTrue();
    assertThat(MemData.isGroup(root.dataset("z"))).isFalse();
    assertThat(MemData.isGroup("z")).isFalse();
  }
}
