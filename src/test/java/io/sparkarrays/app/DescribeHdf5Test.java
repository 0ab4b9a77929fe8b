// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Command {@code describe} of HDF5 files, whose contents are those that h5py lists. */
final class DescribeHdf5Test {

  private static final Path CASES = Path.of("src/test/resources/hdf5/cases").toAbsolutePath();

  private final CommandLineRun app = new CommandLineRun();

  private List<String> text(String file) {
    assertThat(app.run("describe", CASES.resolve(file).toString())).isZero();
    return app.out();
  }

  private JsonNode json(String file) throws IOException {
    assertThat(app.run("describe", CASES.resolve(file).toString(), "--json")).isZero();
    return new ObjectMapper().readTree(String.join("\n", app.out()));
  }

  private static Map<String, JsonNode> objects(JsonNode file) {
    Map<String, JsonNode> byPath = new HashMap<>();
    file.get("objects").forEach(object -> byPath.put(object.get("path").asText(), object));
    return byPath;
  }

  @Test
  void listsGroupsLinksAndAttributes() throws IOException {
    JsonNode file = json("groups_v110.h5");
    assertThat(file.get("format").asText()).isEqualTo("hdf5");
    Map<String, JsonNode> objects = objects(file);
    assertThat(objects.get("/").at("/attributes/title").asText()).isEqualTo("groups");
    assertThat(objects.get("/").at("/attributes/n").asInt()).isEqualTo(5);
    assertThat(objects.get("/x").toString())
        .isEqualTo(
            "{\"path\":\"/x\",\"kind\":\"dataset\",\"dtype\":\"int32\","
                + "\"layout\":\"contiguous\",\"shape\":[4]}");
    assertThat(objects.get("/few/a").get("target").asText()).isEqualTo("/x");
    assertThat(objects.get("/ext").get("file").asText()).isEqualTo("links_target.h5");
    assertThat(objects.get("/soft_dangling").get("kind").asText()).isEqualTo("soft link");
    // Groups are listed once, also where they hold each other.
    assertThat(objects.values().stream().filter(o -> o.get("kind").asText().equals("group")))
        .extracting(o -> o.get("path").asText())
        .contains("/", "/a", "/a/b", "/a/b/c", "/few")
        .doesNotHaveDuplicates();
    assertThat(text("groups_v110.h5"))
        .contains(
            "  /  group",
            "      @title = groups",
            "  /x  4 int32, contiguous",
            "  /few/a  hard link to /x",
            "  /ext  external link to links_target.h5 /y");
  }

  @Test
  void listsChunksAndFilters() throws IOException {
    Map<String, JsonNode> objects = objects(json("filters_builtin_latest.h5"));
    assertThat(objects.values())
        .filteredOn(o -> o.has("filters"))
        .allSatisfy(o -> assertThat(o.get("chunk")).isNotEmpty())
        .extracting(o -> o.get("filters").get(0).get("name").asText())
        .contains("deflate", "shuffle", "fletcher32");
  }

  @Test
  void listsSourcesOfVirtualDataSets() throws IOException {
    JsonNode file = json("vds_concat_v110.h5");
    JsonNode virtual =
        objects(file).values().stream()
            .filter(o -> "virtual".equals(o.path("layout").asText()))
            .findFirst()
            .orElseThrow();
    assertThat(virtual.get("mappings").asInt())
        .isEqualTo(virtual.get("sources").size())
        .isPositive();
    JsonNode source = virtual.get("sources").get(0);
    assertThat(source.get("file").asText()).isEqualTo("vds_concat_v110_s0.h5");
    assertThat(source.get("dataset").asText()).isEqualTo("data");
    assertThat(String.join("\n", text("vds_concat_v110.h5")))
        .contains("from vds_concat_v110_s0.h5 data [", ", virtual");
  }

  @Test
  void tellsTheTableOfTheOnlyDataSetToo() throws IOException {
    JsonNode file = json("swmr_closed.h5");
    assertThat(file.get("columns").get(0).get("name").asText()).isEqualTo("frame_index");
    assertThat(file.get("objects")).hasSizeGreaterThan(1);
  }

  @Test
  void staysShortHoweverManyObjectsThereAre() throws IOException {
    JsonNode file = json("group_dense_depth2.h5");
    assertThat(file.get("objects")).hasSize(Hdf5Objects.MOST_OBJECTS);
    assertThat(file.get("more").asInt()).isPositive();
    assertThat(text("group_dense_depth2.h5").toString()).contains("objects more");
  }

  @Test
  void tellsDamageAndTheRest() throws IOException {
    assertThat(objects(json("corrupt_ea_data_block.h5")).get("/ok").get("shape").toString())
        .isEqualTo("[6]");
    assertThat(app.run("describe", CASES.resolve("corrupt_superblock.h5").toString())).isEqualTo(1);
    assertThat(app.err()).singleElement().asString().startsWith("[HDF5_DAMAGED] ");
  }
}
