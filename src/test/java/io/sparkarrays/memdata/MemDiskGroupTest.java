// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import static io.sparkarrays.memdata.MemGroupTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemDiskGroupTest {

  /** Shows data sets of the root only; groups are hidden but one. */
  static final class Container extends MemDiskGroup {
    private boolean set;

    Container(BaseGroup data) {
      super(data);
    }

    @Override
    protected boolean groupNameAllowed(String path) {
      return path.equals("/shown");
    }

    @Override
    protected boolean datasetNameAllowed(String path) {
      return path.lastIndexOf('/') == 0;
    }

    @Override
    protected Map<String, List<Index>> makeSelections(Map<String, Object> byAxis) {
      List<Index> part = List.of((Index) byAxis.get("time"));
      return Map.of("x", part, "not/in/each/file", part);
    }

    @Override
    protected void finishSetup() {
      set = true;
    }
  }

  /** Never registered. */
  static final class Unknown extends MemDiskGroup {
    Unknown(BaseGroup data) {
      super(data);
    }
  }

  @TempDir Path temp;

  @BeforeAll
  static void register() {
    SubclassRegistry.register(Container.class, Container::new, "test.Container");
  }

  private static MemGroup filled() {
    MemGroup root = new MemGroup();
    root.attrs().put("root", "r");
    root.createGroup("level1").attrs().put("small", NdArray.of(0.0, 1.0));
    root.createDataset("level1/large", DatasetSpec.of(NdArray.of(1L, 2L, 3L)));
    root.createGroup("level1/level2");
    return root;
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr"})
  void aFileAndMemoryAreUsedAlike(String name) throws IOException {
    Path file = temp.resolve(name);
    filled().toFile(file);
    DiskOptions onDisk = DiskOptions.DEFAULT.ondisk("r+");
    try (MemDiskGroup disk = MemDiskGroup.fromFile(file, onDisk)) {
      MemDiskGroup memory = MemDiskGroup.fromFile(file, DiskOptions.DEFAULT);
      assertThat(disk.ondisk()).isTrue();
      assertThat(memory.ondisk()).isFalse();
      for (MemDiskGroup group : List.of(disk, memory)) {
        assertThat(group.names()).containsExactly("level1");
        assertThat(group.group("level1").names()).containsExactly("large", "level2");
        assertThat(group.group("/").names()).containsExactly("level1");
        assertThat(group.dataset("level1/large").read().values()).containsExactly(1L, 2L, 3L);
        BaseGroup made = group.group("level1").createGroup("level3/level4");
        assertThat(made.name()).isEqualTo("/level1/level3/level4");
        made.createDataset("d/e", DatasetSpec.of(NdArray.of(5.0, 6.0)));
        group.dataset("level1/level3/level4/d/e").write(NdArray.of(7.0), Index.at(-1));
        assertThat(made.dataset("d/e").read().values()).containsExactly(5.0, 7.0);
        made.attrs().put("k", "v");
        assertThat(group.get("level1/level3/level4").attrs()).containsEntry("k", "v");
        made.attrs().remove("k");
        assertThat(group.get("level1/level3/level4").attrs()).isEmpty();
        assertThat(group.contains("level1/none")).isFalse();
        assertRefused(ErrorCode.MEMDATA_EXISTS, () -> group.createGroup("level1"));
        group.remove("level1/level2");
        assertThat(group.group("level1").names()).doesNotContain("level2");
        group.flush();
      }
    }
    assertThat(MemGroup.fromFile(file).dataset("level1/level3/level4/d/e").gather())
        .isEqualTo(NdArray.of(5.0, 7.0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr"})
  void whatIsOpenForReadingIsNotChanged(String name) throws IOException {
    Path file = temp.resolve(name);
    filled().toFile(file);
    DiskOptions onDisk = DiskOptions.DEFAULT.ondisk("r");
    try (MemDiskGroup disk = MemDiskGroup.fromFile(file, onDisk)) {
      assertThat(disk.mode()).isEqualTo("r");
      assertRefused(ErrorCode.OPERATION_UNSUPPORTED, () -> disk.createGroup("x"));
      assertRefused(ErrorCode.OPERATION_UNSUPPORTED, () -> disk.remove("level1"));
      assertThat(disk.copy().ondisk()).isFalse();
      assertThat(disk.toMemory().names()).containsExactly("level1");
      MemDiskGroup memory = disk.toMemory();
      assertThat(memory.toMemory()).isSameAs(memory);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr"})
  void aFileNamesTheClass(String name) throws IOException {
    Path file = temp.resolve(name);
    Container container = new Container(new MemGroup());
    container.createDataset("x", DatasetSpec.of(NdArray.of(1L, 2L, 3L, 4L)));
    container.save(file, WriteOptions.DEFAULT);
    assertThat(container.attrs()).containsEntry("__memh5_subclass", "test.Container");
    MemDiskGroup memory = MemDiskGroup.fromFile(file, DiskOptions.DEFAULT);
    assertThat(memory).isInstanceOfSatisfying(Container.class, c -> assertThat(c.set).isTrue());
    try (MemDiskGroup disk = MemDiskGroup.fromFile(file, DiskOptions.DEFAULT.ondisk("r+"))) {
      assertThat(disk).isInstanceOf(Container.class);
      if (name.endsWith("h5")) {
        assertRefused(ErrorCode.FILE_LOCKED, () -> MemDiskGroup.open(file));
      } else {
        MemDiskGroup.open(file).close();
      }
    }
    assertThat(MemDiskGroup.fromFile(file, DiskOptions.DEFAULT.detectSubclass(false)))
        .isExactlyInstanceOf(MemDiskGroup.class);
    MemDiskGroup.open(file).close();
    MemDiskGroup part =
        MemDiskGroup.fromFile(file, DiskOptions.DEFAULT.select("time", Index.slice(1, 3)));
    assertThat(part.dataset("x").read().values()).containsExactly(2L, 3L);
  }

  @Test
  void anUnknownClassIsPassedOver() {
    MemGroup data = new MemGroup();
    data.attrs().put("__memh5_subclass", "nobody.Knows");
    assertThat(MemDiskGroup.fromGroup(data)).isExactlyInstanceOf(MemDiskGroup.class);
    data.attrs().put("__memh5_subclass", "test.Container");
    assertThat(MemDiskGroup.fromGroup(data)).isInstanceOf(Container.class);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> new Unknown(data).createGroup("x"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aLayoutHidesAndRefusesNames() {
    MemGroup data = new MemGroup();
    data.createGroup("hidden/inner");
    data.createGroup("shown");
    data.createDataset("x", DatasetSpec.of(1));
    data.createDataset("shown/y", DatasetSpec.of(1));
    Container container = new Container(data);
    assertThat(container.names()).containsExactly("shown", "x");
    assertThat(container.size()).isEqualTo(2);
    assertThat(container.contains("hidden")).isFalse();
    assertRefused(ErrorCode.MEMDATA_MISSING, () -> container.get("hidden"));
    assertThat(container.get("shown")).isInstanceOf(Container.class);
    assertThat(container.group("shown").names()).isEmpty();
    for (String name : List.of("other", "shown/sub")) {
      assertRefused(ErrorCode.MEMDATA_NAME, () -> container.createGroup(name));
      assertRefused(ErrorCode.MEMDATA_NAME, () -> container.requireGroup(name));
    }
    assertRefused(
        ErrorCode.MEMDATA_NAME, () -> container.createDataset("shown/z", DatasetSpec.of(1)));
    assertRefused(
        ErrorCode.MEMDATA_NAME, () -> container.createDataset("other/z", DatasetSpec.of(1)));
    assertThat(data.contains("other")).isFalse();
    assertThat(container.data().group("hidden").names()).containsExactly("inner");
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr", "f.zarr.zip"})
  void aLayoutHoldsInFiles(String name) throws IOException {
    Path file = temp.resolve(name);
    MemGroup data = filled();
    data.createGroup("shown");
    data.createDataset("x", DatasetSpec.of(NdArray.of(1L)));
    data.attrs().put("__memh5_subclass", "test.Container");
    data.toFile(file);
    boolean writable = !name.endsWith("zip");
    DiskOptions onDisk = DiskOptions.DEFAULT.ondisk(writable ? "r+" : "r");
    try (MemDiskGroup disk = MemDiskGroup.fromFile(file, onDisk)) {
      for (MemDiskGroup group : List.of(disk, MemDiskGroup.fromFile(file, DiskOptions.DEFAULT))) {
        assertThat(group).isInstanceOf(Container.class);
        assertThat(group.names()).containsExactly("shown", "x");
        assertRefused(ErrorCode.MEMDATA_MISSING, () -> group.get("level1"));
        assertRefused(ErrorCode.MEMDATA_NAME, () -> group.createGroup("history"));
        assertThat(group.data().dataset("level1/large").read().values())
            .containsExactly(1L, 2L, 3L);
      }
    }
  }

  @Test
  void wrappersShareTheirDataAndKnowTheirPlace() {
    MemGroup data = filled();
    MemDiskGroup one = new MemDiskGroup(data);
    MemDiskGroup other = new MemDiskGroup(one);
    assertThat(one).isEqualTo(other).isNotEqualTo(data);
    assertThat(new MemDiskGroup()).isNotEqualTo(one);
    MemDiskGroup sub = new MemDiskGroup(data.group("level1"));
    assertThat(sub.name()).isEqualTo("/level1");
    assertThat(sub.contains("large")).isTrue();
    assertThat(sub.contains("/level1")).isTrue();
    assertThat(sub.parent()).isEqualTo(one);
    assertThat(sub.file()).isEqualTo(one);
    assertThat(sub.requireGroup("level2")).isEqualTo(one.group("level1/level2"));
    assertThat(one.copy().dataset("level1/large")).isNotEqualTo(data.dataset("level1/large"));
    assertThat(one.copy().dataset("level1/large").read())
        .isEqualTo(data.dataset("level1/large").gather());
    MemDiskGroup shared = one.copy(CopyOptions.DEFAULT.shallow(true));
    data.dataset("level1/large").write(NdArray.of(9L), Index.at(0));
    assertThat(shared.dataset("level1/large").read().values()).containsExactly(9L, 2L, 3L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.h5", "f.zarr"})
  void groupsGoToDiskAndFromDiskToDisk(String name) throws IOException {
    Container container = new Container(filled());
    container.createDataset("x", DatasetSpec.of(2, 2).chunks(Shape.of(1, 2)));
    WriteOptions write = WriteOptions.DEFAULT;
    try (MemDiskGroup disk = container.toDisk(temp.resolve(name), write, "r");
        MemDiskGroup again = disk.toDisk(temp.resolve("again-" + name), write, "r+")) {
      assertThat(disk).isInstanceOf(Container.class);
      assertThat(again).isInstanceOf(Container.class);
      assertThat(again.mode()).isEqualTo("r+");
      assertThat(again.dataset("x").chunks()).contains(Shape.of(1, 2));
      assertThat(((Container) again).data().dataset("level1/large").read().values())
          .containsExactly(1L, 2L, 3L);
    }
  }
}
