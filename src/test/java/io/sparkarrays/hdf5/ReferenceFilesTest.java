// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.format.DataLayout;
import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.hdf5.format.Link;
import io.sparkarrays.hdf5.virtual.DataspaceSelection;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that h5py wrote for each structure of the format, with what is in them: {@code
 * src/test/resources/hdf5/manifest.json} says how each data set is stored.
 */
final class ReferenceFilesTest {

  static final Path FOLDER = Path.of("src/test/resources/hdf5");

  /** Szip and Blosc 2. */
  private static final Set<Integer> UNSUPPORTED = Set.of(4, 32026);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A file of the manifest. */
  record Case(JsonNode json) {
    Path path() {
      return FOLDER.resolve(json.get("file").asText());
    }

    boolean isDamaged() {
      return json.get("kind").asText().equals("corrupt");
    }

    @Override
    public String toString() {
      return json.get("file").asText();
    }
  }

  static Stream<Case> files() throws IOException {
    JsonNode manifest = JSON.readTree(FOLDER.resolve("manifest.json").toFile());
    return StreamSupport.stream(manifest.get("files").spliterator(), false).map(Case::new);
  }

  static Stream<Case> whole() throws IOException {
    return files().filter(file -> !file.isDamaged());
  }

  static Stream<Case> damaged() throws IOException {
    return files().filter(Case::isDamaged);
  }

  @ParameterizedTest
  @MethodSource("whole")
  void readsEveryDataSet(Case test) throws IOException {
    try (Hdf5File file = Hdf5File.open(test.path(), DataReader.JAVA)) {
      assertThat(file.superblockVersion()).isEqualTo(test.json().get("superblock").asInt());
      assertThat(file.status())
          .isEqualTo(
              test.json().get("status_flags").asInt() == 5
                  ? WriterStatus.OPEN_FOR_SWMR
                  : WriterStatus.CLOSED);
      for (JsonNode about : test.json().get("datasets")) {
        String path = about.get("dataset").asText();
        Dataset dataset =
            file.dataset(path).with(VirtualAccess.DEFAULT.withMissing(VirtualAccess.Missing.FILL));
        isStoredAs(dataset, about);
        if (dataset.filters().stream().anyMatch(filter -> UNSUPPORTED.contains(filter.id()))) {
          assertThatThrownBy(() -> bytes(dataset))
              .isInstanceOf(ArrayException.class)
              .hasMessageContaining("UNSUPPORTED_FILTER")
              .hasMessageContaining(path);
        } else if (about.has("expected")) {
          hasValues(dataset, about.get("expected").asText());
        }
      }
    }
  }

  /** The values that a data set of a file should have. */
  static Npz.Npy expected(Dataset dataset) throws IOException {
    for (Case test : files().toList()) {
      if (test.path().toString().equals(dataset.file().name())) {
        for (JsonNode about : test.json().get("datasets")) {
          if (("/" + about.get("dataset").asText()).replace("//", "/").equals(dataset.path())) {
            String[] where = about.get("expected").asText().split("#", 2);
            return Npz.read(FOLDER.resolve(where[0])).get(where[1]);
          }
        }
      }
    }
    throw new IllegalArgumentException(dataset.toString());
  }

  private static void isStoredAs(Dataset dataset, JsonNode about) throws IOException {
    // What a virtual data set stores is what its sources had when it was written.
    boolean fixed = !dataset.isNull() && !(dataset.layout() instanceof DataLayout.Virtual);
    if (fixed && about.hasNonNull("shape")) {
      assertThat(dataset.shape().dims()).as("%s", dataset).isEqualTo(longs(about.get("shape")));
      assertThat(dataset.maxDims()).as("%s", dataset).isEqualTo(longs(about.get("maxshape")));
    }
    String layout = dataset.layout().getClass().getSimpleName().toLowerCase(Locale.ROOT);
    String expected = about.get("layout_class").asText();
    assertThat(layout).as("%s", dataset).isIn(expected, "external");
    if (about.has("chunks")) {
      assertThat(dataset.chunk().map(Shape::dims))
          .as("%s", dataset)
          .hasValue(longs(about.get("chunks")));
    }
    if (about.has("filters")) {
      assertThat(dataset.filters()).as("%s", dataset).hasSize(about.get("filters").size());
    }
    if (about.has("vds_mappings")) {
      assertThat(dataset.mappings()).as("%s", dataset).hasSize(about.get("vds_mappings").asInt());
    }
  }

  static long[] longs(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }

  private static void hasValues(Dataset dataset, String expected) throws IOException {
    String[] where = expected.split("#", 2);
    Path file = FOLDER.resolve(where[0]);
    if (where[0].endsWith(".npz")) {
      Npz.Npy array = Npz.read(file).get(where[1]);
      assertThat(numbers(dataset)).as("%s", dataset).isEqualTo(array.values());
      if (dataset.dtype().isPresent() && dataset.dtype().get().equals(array.dtype())) {
        assertThat(bytes(dataset)).as("%s", dataset).isEqualTo(array.data());
      }
      if (dataset.dtype().isEmpty()) {
        assertThat(decoded(dataset).values()).as("%s", dataset).isEqualTo(array.values());
      }
      return;
    }
    JsonNode json = JSON.readTree(file.toFile()).get(where[1]);
    if (dataset.isNull()) {
      assertThat(json.isNull()).isTrue();
      assertThat(dataset.values(Hyperslab.all(dataset.shape()))).isEmpty();
      return;
    }
    if (dataset.shape().size() > 1 << 20) {
      isHuge(dataset, json.asText());
      return;
    }
    List<JsonNode> flat = new ArrayList<>();
    flatten(json, dataset.shape().rank(), flat);
    List<Object> values = dataset.values(Hyperslab.all(dataset.shape()));
    if (dataset.dtype().isEmpty() && dataset.valueDtype().isPresent()) {
      List<Object> numbers = decoded(dataset).values();
      assertThat(numbers).as("%s", dataset).isEqualTo(values);
    }
    List<String> found = values.stream().map(value -> text(dataset, value)).toList();
    assertThat(found).as("%s", dataset).isEqualTo(flat.stream().map(JsonNode::toString).toList());
  }

  /** Values, those of enumerations as numbers. */
  private static List<Object> numbers(Dataset dataset) throws IOException {
    List<Object> values = dataset.values(Hyperslab.all(dataset.shape()));
    if (dataset.datatype() instanceof Datatype.Enumeration names && dataset.dtype().isEmpty()) {
      values.replaceAll(name -> names.values().getOrDefault(name, number(name)));
    }
    return values;
  }

  /** The number that stands for a value without a name; other names are in the map. */
  private static Long number(Object name) {
    String text = (String) name;
    return text.matches("-?\\d+") ? Long.valueOf(text) : null;
  }

  private static ByteBuffer bytes(Dataset dataset) throws IOException {
    int size = (int) dataset.shape().size() * dataset.datatype().size();
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    dataset.read(Hyperslab.all(dataset.shape()), buffer);
    return buffer.flip();
  }

  /** Numbers that have no dtype, by the decoder to the least one that holds them. */
  private static Npz.Npy decoded(Dataset dataset) throws IOException {
    Dtype dtype = dataset.valueDtype().orElseThrow();
    int count = (int) dataset.shape().size();
    ByteBuffer out = ByteBuffer.allocateDirect((count + 3) * dtype.size());
    dataset.numberDecoder().decode(bytes(dataset), 2, out);
    return new Npz.Npy(dtype, out.slice(2 * dtype.size(), count * dtype.size()));
  }

  private static void flatten(JsonNode json, int rank, List<JsonNode> flat) {
    if (rank == 0) {
      flat.add(json);
    } else {
      json.forEach(inner -> flatten(inner, rank - 1, flat));
    }
  }

  /** A value as the expected JSON has it. */
  private static String text(Dataset dataset, Object value) {
    try {
      return JSON.writeValueAsString(plain(dataset, value));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Object plain(Dataset dataset, Object value) throws IOException {
    if (value instanceof byte[] bytes) {
      return Map.of("hex", HexFormat.of().formatHex(bytes));
    } else if (value instanceof Double number && number.isInfinite()) {
      return "inf";
    } else if (value instanceof Map<?, ?> compound) {
      Map<String, Object> members = new java.util.LinkedHashMap<>();
      for (Map.Entry<?, ?> member : compound.entrySet()) {
        Object inner = plain(dataset, member.getValue());
        boolean fixedText = member.getKey().equals("s");
        members.put(
            (String) member.getKey(),
            fixedText
                ? Map.of(
                    "hex",
                    HexFormat.of().formatHex(inner.toString().getBytes(StandardCharsets.UTF_8)))
                : inner);
      }
      return members;
    } else if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      for (Object inner : list) {
        plain.add(plain(dataset, inner));
      }
      return plain;
    } else if (value instanceof Values.ObjectReference reference) {
      return pathOf(dataset.file().root(), reference.address());
    } else if (value instanceof Values.RegionReference reference) {
      return pathOf(dataset.file().root(), reference.address())
          + " "
          + slices(reference.selection());
    }
    return value;
  }

  private static String slices(DataspaceSelection selection) {
    List<String> slices = new ArrayList<>();
    if (selection instanceof DataspaceSelection.Blocks blocks) {
      for (int axis = 0; axis < blocks.rank(); axis++) {
        slices.add(blocks.first(0, axis) + ":" + (blocks.last(0, axis) + 1));
      }
    } else if (selection instanceof DataspaceSelection.Regular regular) {
      for (int axis = 0; axis < regular.rank(); axis++) {
        long from = regular.start()[axis];
        slices.add(from + ":" + (from + regular.count()[axis] * regular.block()[axis]));
      }
    }
    return "[" + String.join(",", slices) + "]";
  }

  private static String pathOf(Group group, long address) throws IOException {
    for (Link link : group.links()) {
      if (link instanceof Link.Hard hard && hard.address() == address) {
        return group.path() + hard.name();
      }
    }
    throw new AssertionError("no object at " + address);
  }

  private static void isHuge(Dataset dataset, String note) throws IOException {
    Shape shape = dataset.shape();
    ByteBuffer one = ByteBuffer.allocate(dataset.datatype().size() * 4);
    one.order(java.nio.ByteOrder.LITTLE_ENDIAN);
    if (dataset.isVirtual()) {
      assertThat(note).contains("all 4, but the last 9 are row 4 of /d");
      Dataset row = dataset.file().dataset("/d");
      List<Object> first = row.values(Hyperslab.of(new long[] {4, 0}, new long[] {1, 2}));
      List<Object> found =
          dataset.values(Hyperslab.of(new long[] {shape.size() - 11}, new long[] {4}));
      assertThat(found).containsExactly(4L, 4L, first.get(0), first.get(1));
    } else if (shape.rank() == 2) {
      assertThat(note).contains("fill value 7");
      long[] last = {shape.dim(0) - 2, shape.dim(1) - 2};
      dataset.read(Hyperslab.of(last, new long[] {2, 2}), one);
      assertThat(one.array()).containsExactly(7, 7, 7, 7);
    } else {
      assertThat(note).contains("element 134217733 = 777");
      dataset.read(Hyperslab.of(new long[] {134217732}, new long[] {3}), one);
      assertThat(one.flip().asShortBuffer().get(1)).isEqualTo((short) 777);
      assertThat(one.getShort(0)).isEqualTo((short) 1);
      assertThat(one.getShort(4)).isEqualTo((short) 1);
    }
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void damageStaysWithItsObject(Case test) throws IOException {
    String wrong = test.json().at("/expect/error_on").asText();
    if (wrong.equals("open")) {
      assertThatThrownBy(() -> Hdf5File.open(test.path()).close())
          .isInstanceOf(ArrayException.class)
          .hasMessageContaining("HDF5_DAMAGED");
      return;
    }
    try (Hdf5File file = Hdf5File.open(test.path())) {
      assertThatThrownBy(() -> bytes(file.dataset(wrong)))
          .isInstanceOf(ArrayException.class)
          .hasMessageContaining("HDF5_DAMAGED")
          .hasMessageContaining(wrong)
          .hasMessageContaining("offset ");
      for (JsonNode name : test.json().at("/expect/readable")) {
        bytes(file.dataset(name.asText()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("whole")
  void listsLinksAndAttributes(Case test) throws IOException {
    JsonNode where = test.json().get("expected_links_and_attributes");
    if (where == null) {
      return;
    }
    JsonNode expected = JSON.readTree(FOLDER.resolve(where.asText()).toFile());
    try (Hdf5File file = Hdf5File.open(test.path())) {
      JsonNode links = expected.path("__links__");
      for (Map.Entry<String, JsonNode> entry : links.properties()) {
        switch (entry.getKey()) {
          case "soft" -> softLinks(file, entry.getValue());
          case "external" -> externalLinks(file, entry.getValue());
          case "creation_order" -> {
            for (Map.Entry<String, JsonNode> group : entry.getValue().properties()) {
              namesAre(file, group);
            }
          }
          default -> namesAre(file, entry);
        }
      }
      for (Map.Entry<String, JsonNode> entry : expected.properties()) {
        if (entry.getKey().endsWith("@")) {
          attributesAre(file, entry.getKey().replace("@", ""), entry.getValue());
        }
      }
    }
  }

  private static void namesAre(Hdf5File file, Map.Entry<String, JsonNode> group)
      throws IOException {
    assertThat(file.group(group.getKey()).names())
        .as(group.getKey())
        .containsExactlyElementsOf(texts(group.getValue()));
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static void softLinks(Hdf5File file, JsonNode expected) throws IOException {
    for (Map.Entry<String, JsonNode> entry : expected.properties()) {
      Link link = link(file, entry.getKey());
      assertThat(((Link.Soft) link).path()).isEqualTo(entry.getValue().asText());
      boolean dangling = List.of("soft_dangling", "a/up").contains(entry.getKey());
      assertThat(file.root().find(entry.getKey()).isEmpty()).isEqualTo(dangling);
    }
  }

  private static void externalLinks(Hdf5File file, JsonNode expected) throws IOException {
    for (Map.Entry<String, JsonNode> entry : expected.properties()) {
      Link.External link = (Link.External) link(file, entry.getKey());
      assertThat(List.of(link.file(), link.path())).isEqualTo(texts(entry.getValue()));
      boolean dangling = entry.getKey().contains("dangling");
      assertThat(file.root().find(entry.getKey()).isEmpty()).isEqualTo(dangling);
    }
  }

  private static Link link(Hdf5File file, String path) throws IOException {
    int slash = path.lastIndexOf('/');
    Group group = slash < 0 ? file.root() : file.group(path.substring(0, slash));
    return group.link(path.substring(slash + 1)).orElseThrow();
  }

  private static void attributesAre(Hdf5File file, String path, JsonNode expected)
      throws IOException {
    Attributes attributes = file.get(path).attributes();
    assertThat(attributes.damaged()).isEmpty();
    if (expected.has("creation_order")) {
      assertThat(attributes.names())
          .containsExactlyElementsOf(texts(expected.get("creation_order")));
      return;
    }
    for (Map.Entry<String, JsonNode> entry : expected.properties()) {
      Attribute attribute = attributes.find(entry.getKey()).orElseThrow();
      if (entry.getValue().has("arange")) {
        int count = entry.getValue().get("arange").asInt();
        assertThat(attribute.values()).hasSize(count);
        assertThat(((Number) attribute.values().get(count - 1)).intValue()).isEqualTo(count - 1);
        continue;
      }
      List<JsonNode> flat = new ArrayList<>();
      flatten(entry.getValue(), attribute.shape().rank(), flat);
      flat.removeIf(JsonNode::isNull);
      List<String> found = new ArrayList<>();
      for (Object value : attribute.values()) {
        found.add(JSON.writeValueAsString(value));
      }
      assertThat(found)
          .as(path + "@" + entry.getKey())
          .isEqualTo(flat.stream().map(JsonNode::toString).toList());
    }
  }

  @Test
  void theManifestCoversTheFormat() throws IOException {
    assertThat(files()).hasSizeGreaterThan(60);
  }
}
