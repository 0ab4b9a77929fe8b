// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class MemGroupTest {

  static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ArrayException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void nestedGroupsAreFoundByStepsAndByPath() {
    MemGroup root = new MemGroup();
    MemGroup a = root.createGroup("a");
    MemGroup b = a.requireGroup("b");
    assertThat(root.get("a")).isEqualTo(a).isNotSameAs(a);
    assertThat(root.get("a/b")).isEqualTo(b);
    assertThat(a.get("b")).isEqualTo(b);
    assertThat(b.get("/a")).isEqualTo(a);
    assertThat(b.name()).isEqualTo("/a/b");
    assertThat(b.parent()).isEqualTo(a);
    assertThat(b.file()).isEqualTo(root);
    assertThat(root.parent()).isEqualTo(root);
    assertThat(root.name()).isEqualTo("/");
    assertThat(a.requireGroup("b")).isEqualTo(b);
    assertThat(a.mode()).isEqualTo("r+");
  }

  @Test
  void slashesAreDroppedAndDotsAreNames() {
    MemGroup root = new MemGroup();
    MemGroup b = root.createGroup("//a//b/");
    assertThat(b.name()).isEqualTo("/a/b");
    assertThat(root.get("")).isEqualTo(root);
    assertThat(b.get("/")).isEqualTo(root);
    assertRefused(ErrorCode.MEMDATA_MISSING, () -> b.get(".."));
    assertRefused(ErrorCode.MEMDATA_MISSING, () -> b.get("."));
    assertThat(b.createGroup("..").name()).isEqualTo("/a/b/..");
    assertThat(b.createGroup("/c").name()).isEqualTo("/c");
  }

  @Test
  void whatExistsIsNotMadeAgain() {
    MemGroup root = new MemGroup();
    root.createGroup("a");
    root.createDataset("x", DatasetSpec.of(2));
    for (String path : List.of("a", "a/", "x", "", "/")) {
      assertRefused(ErrorCode.MEMDATA_EXISTS, () -> root.createGroup(path));
    }
    assertRefused(ErrorCode.MEMDATA_KIND, () -> root.requireGroup("x"));
    assertRefused(ErrorCode.MEMDATA_KIND, () -> root.requireDataset("a", DatasetSpec.of(2)));
    assertRefused(ErrorCode.MEMDATA_EXISTS, () -> root.createDataset("a", DatasetSpec.of(2)));
    assertRefused(
        ErrorCode.MEMDATA_EXISTS, () -> root.createDataset("x", DatasetSpec.of(2).replace(false)));
    // A data set gives way, a required one stays as it is whatever is wanted.
    root.createDataset("x", DatasetSpec.of(NdArray.of(1L)));
    assertThat(root.requireDataset("x", DatasetSpec.of(7)).shape()).isEqualTo(Shape.of(1));
    assertThat(root.requireDataset("y", DatasetSpec.of(7)).shape()).isEqualTo(Shape.of(7));
  }

  @Test
  void nothingLeadsThroughADataset() {
    MemGroup root = new MemGroup();
    root.createDataset("z", DatasetSpec.of(2));
    assertThat(root.contains("z/x")).isFalse();
    assertRefused(ErrorCode.MEMDATA_MISSING, () -> root.get("z/x"));
    assertRefused(ErrorCode.MEMDATA_KIND, () -> root.createGroup("z/x"));
    assertRefused(ErrorCode.MEMDATA_KIND, () -> root.createDataset("z/x", DatasetSpec.of(1)));
    assertRefused(ErrorCode.MEMDATA_KIND, () -> root.group("z"));
  }

  @Test
  void datasetsNeedANameAndAShape() {
    MemGroup root = new MemGroup();
    for (String path : List.of("", "/", "a/")) {
      assertRefused(ErrorCode.MEMDATA_NAME, () -> root.createDataset(path, DatasetSpec.of(1)));
    }
    assertRefused(
        ErrorCode.OPTION_MISSING,
        () ->
            root.createDataset(
                "x", new DatasetSpec(null, null, null, null, null, null, null, true)));
  }

  @Test
  void aDatasetOfAnArrayHasItsValuesAndSharesThem() {
    MemGroup root = new MemGroup();
    NdArray array = NdArray.of(1.0, 2.0, 3.0);
    MemDataset made = root.createGroup("g").createDataset("h/x", DatasetSpec.of(array));
    assertThat(made.name()).isEqualTo("/g/h/x");
    assertThat(made.parent()).isEqualTo(root.group("g/h"));
    array.set(9, 0);
    assertThat(made.read(Index.at(0)).get()).isEqualTo(9.0);
    made.write(NdArray.of(5.0), Index.slice(1, 3));
    assertThat(array.values()).containsExactly(9.0, 5.0, 5.0);
    MemDataset other = root.group("g").createDataset("/top", DatasetSpec.of(array));
    assertThat(other.name()).isEqualTo("/top");
  }

  @Test
  void anotherTypeOrShapeIsACopyThatConverts() {
    MemGroup root = new MemGroup();
    NdArray array = NdArray.of(1.7, 2.2, 3.0);
    MemDataset made =
        root.createDataset("x", DatasetSpec.of(array).type(NdArray.of(1L).type()).shape(2, 3));
    assertThat(made.gather().values()).containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
    array.set(0, 0);
    assertThat(made.read(Index.at(0), Index.at(0)).get()).isEqualTo(1L);
    assertThatThrownBy(() -> root.createDataset("y", DatasetSpec.of(array).shape(2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(root.createDataset("z", DatasetSpec.of(2, 2)).gather())
        .isEqualTo(NdArray.zeros(ElementType.FLOAT64, 2, 2));
  }

  @Test
  void childrenStandInTheOrderTheyCame() {
    MemGroup root = new MemGroup();
    root.createGroup("z");
    root.createDataset("a", DatasetSpec.of(1));
    root.createGroup("m/inner");
    assertThat(root.names()).containsExactly("z", "a", "m");
    assertThat(root.size()).isEqualTo(3);
    for (String name : root) {
      root.remove(name);
    }
    assertThat(root.names()).isEmpty();
  }

  @Test
  void removingTakesPathsButNotTheRoot() {
    MemGroup root = new MemGroup();
    root.createDataset("a/b/c", DatasetSpec.of(1));
    MemGroup b = root.group("a/b");
    root.remove("a/b/c");
    assertThat(b.names()).isEmpty();
    assertRefused(ErrorCode.MEMDATA_MISSING, () -> root.remove("a/x"));
    assertRefused(ErrorCode.MEMDATA_MISSING, () -> root.remove("/"));
    assertRefused(ErrorCode.MEMDATA_MISSING, () -> root.remove(""));
    root.remove("a");
    assertRefused(ErrorCode.MEMDATA_MISSING, b::names);
  }

  @Test
  void treesAreEqualOnlyToThemselvesButCanHoldTheSame() {
    MemGroup one = new MemGroup();
    MemGroup other = new MemGroup();
    for (MemGroup root : List.of(one, other)) {
      root.createDataset("a/x", DatasetSpec.of(NdArray.of(Double.NaN))).attrs().put("k", 1);
    }
    assertThat(one).isNotEqualTo(other);
    assertThat(one.dataset("a/x")).isNotEqualTo(other.dataset("a/x"));
    assertThat(one.sameContent(other)).isTrue();
    other.dataset("a/x").attrs().put("k", 2);
    assertThat(one.sameContent(other)).isFalse();
  }

  @Test
  void handlesOfADatasetShareAllOfIt() {
    MemGroup root = new MemGroup();
    root.createDataset("x", DatasetSpec.of(4, 4));
    MemDataset handle = root.dataset("x");
    handle.attrs().put("unit", "K");
    handle.chunks(Shape.of(2, 9));
    handle.compression(Compression.gzip(3));
    assertThat(root.dataset("x").attrs()).containsEntry("unit", "K");
    assertThat(root.dataset("x").chunks()).contains(Shape.of(2, 4));
    assertThat(root.dataset("x").compression()).contains(Compression.gzip(3));
    assertThatThrownBy(() -> handle.chunks(Shape.of(2)))
        .isInstanceOf(IllegalArgumentException.class);
    handle.chunks(null);
    assertThat(root.dataset("x").chunks()).isEmpty();
    // A handle holds the whole tree.
    assertThat(handle.file().names()).containsExactly("x");
  }

  @Test
  void copiesAreDeepAndViewsAreNot() {
    MemDatasetCommon one = MemDatasetCommon.of(NdArray.of(1L, 2L));
    List<Object> list = new ArrayList<>(List.of(1));
    one.attrs().put("list", list);
    MemDataset deep = one.copy();
    MemDataset view = one.view();
    assertThat(deep).isEqualTo(one).isNotSameAs(one);
    one.data().set(7, 0);
    list.add(2);
    assertThat(view).isEqualTo(one);
    assertThat(deep).isNotEqualTo(one);
    assertThat(deep.gather().values()).containsExactly(1L, 2L);
    assertThat(deep.attrs()).containsEntry("list", List.of(1));
    assertThatThrownBy(one::parent).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPlainTreeHoldsNothingThatIsSpread() {
    MemGroup root = new MemGroup();
    MemDataset made = root.createDataset("x", DatasetSpec.of(4).distributed(0));
    assertThat(made.distributed()).isFalse();
    assertThat(made).isInstanceOf(MemDatasetCommon.class);
    assertRefused(ErrorCode.NOT_DISTRIBUTED, () -> root.datasetCommonToDistributed("x", 0));
    assertThat(root.datasetDistributedToCommon("x").gather()).isEqualTo(made.gather());
    assertThat(root.distributed()).isFalse();
  }

  @Test
  void aReadOnlyMapIsASnapshot() {
    Map<String, Object> source = new java.util.LinkedHashMap<>();
    source.put("b", 1);
    source.put("a", NdArray.of(1L, 2L));
    ReadOnlyMap<String, Object> map = new ReadOnlyMap<>(source);
    source.put("c", 3);
    assertThat(map.keySet()).containsExactly("b", "a");
    assertThat(map.get("b")).isEqualTo(1);
    assertThat(map.require("b")).isEqualTo(1);
    assertThatThrownBy(() -> map.require("c")).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> map.put("b", 2)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> map.remove("b")).isInstanceOf(UnsupportedOperationException.class);
    source.remove("c");
    assertThat(map).isEqualTo(new ReadOnlyMap<>(source)).isNotEqualTo(source);
    assertThat(new ReadOnlyMap<>()).isEmpty();
    assertThat(ReadOnlyMap.ofEntries(Map.entry("k", 1))).containsEntry("k", 1);
  }
}
