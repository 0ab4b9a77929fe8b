// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import static io.sparkarrays.clusterdata.Codes.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Sidecars by rule and at random: read back, or refused with the field's name. */
class SidecarProperties {

  private static final String GOOD =
      "{\"version\": 1, \"slices\": [[0, 5], [5, 24]], \"shape\": [4, 6, 8, 10],"
          + " \"sig_dims\": 2, \"dtype\": \"float32\"}";

  @Provide
  Arbitrary<PartitionStructure> structures() {
    Arbitrary<long[]> dims =
        Arbitraries.longs().between(1, 9).array(long[].class).ofMinSize(1).ofMaxSize(3);
    Arbitrary<Dtype> dtypes =
        Combinators.combine(Arbitraries.of(ElementType.class), Arbitraries.of(true, false))
            .as(Dtype::new);
    return Combinators.combine(dims, dims, dtypes, Arbitraries.randoms())
        .as(
            (scan, frame, dtype, random) -> {
              Shape shape = Shape.of(scan);
              long[] inner =
                  LongStream.range(1, shape.size()).filter(f -> random.nextInt(3) == 0).toArray();
              long[] bounds =
                  LongStream.concat(
                          LongStream.concat(LongStream.of(0), LongStream.of(inner)),
                          LongStream.of(shape.size()))
                      .toArray();
              return PartitionStructure.of(shape, Shape.of(frame), dtype, bounds);
            });
  }

  @Property
  void whatIsWrittenIsReadBack(@ForAll("structures") PartitionStructure structure) {
    PartitionStructure read = PartitionStructure.parse(structure.toJson(), "text");
    assertThat(read).isEqualTo(structure);
    assertThat(read.toJson()).isEqualTo(structure.toJson());
  }

  /** One character dropped, doubled, replaced or swapped: another structure, or a clear refusal. */
  @Property(tries = 3000)
  void damagedTextIsReadAsItStandsOrRefused(
      @ForAll("structures") PartitionStructure structure, @ForAll Random random) {
    StringBuilder text = new StringBuilder(structure.toJson());
    int at = random.nextInt(text.length());
    switch (random.nextInt(5)) {
      case 0 -> text.deleteCharAt(at);
      case 1 -> text.insert(at, text.charAt(at));
      case 2 -> text.setCharAt(at, "0123456789-.eE[]{},:\" \\u".charAt(random.nextInt(24)));
      case 3 -> text.setLength(at);
      default -> text.setCharAt(at, (char) random.nextInt(0x10000));
    }
    try {
      PartitionStructure read = PartitionStructure.parse(text.toString(), "/a/structure.json");
      assertThat(PartitionStructure.parse(read.toJson(), "again")).isEqualTo(read);
    } catch (DataSetException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.STRUCTURE_INVALID);
      assertThat(e).hasMessageContaining("/a/structure.json");
    }
  }

  @Example
  void orderAndWhiteSpaceDoNotMatter() {
    String turned =
        "\n{ \"dtype\":\"float32\",\"sig_dims\":2, \"shape\":[4,6,8,10],"
            + "\t\"slices\":[[0,5],[5,24]],\"version\":1 }\n";
    assertThat(PartitionStructure.parse(turned, "text").toJson()).isEqualTo(GOOD);
  }

  /** Each line: what is replaced in the good sidecar, by what, and what the message must name. */
  @Example
  void everyBrokenRuleIsNamed() {
    String slices = "[[0, 5], [5, 24]]";
    String shape = "[4, 6, 8, 10]";
    List<String[]> mutations =
        List.of(
            m(GOOD, "", "not a JSON object"),
            m(GOOD, "[]", "not a JSON object"),
            m(GOOD, "null", "not a JSON object"),
            m(GOOD, "{}", "'version' is missing"),
            m("}", "", "line 1"),
            m("}", "} {}", "something follows"),
            m("\"version\": 1, ", "", "'version' is missing"),
            m("\"slices\": " + slices + ", ", "", "'slices' is missing"),
            m("\"shape\": " + shape + ", ", "", "'shape' is missing"),
            m("\"sig_dims\": 2, ", "", "'sig_dims' is missing"),
            m(", \"dtype\": \"float32\"", "", "'dtype' is missing"),
            m("{", "{\"note\": \"mine\", ", "'note' is unknown"),
            m("{", "{\"version\": 1, ", "Duplicate field 'version'"),
            m("\"version\": 1", "\"version\": 2", "'version' is 2"),
            m("\"version\": 1", "\"version\": 1.0", "'version' should be a whole number"),
            m("\"version\": 1", "\"version\": true", "'version' should be a whole number"),
            m("\"version\": 1", "\"version\": \"1\"", "'version' should be a whole number"),
            m(slices, "[]", "'slices' is empty"),
            m(slices, "{}", "'slices' should be a list"),
            m(slices, "[0, 24]", "'slices[0]' should be a pair"),
            m(slices, "[[0, 5], [5]]", "'slices[1]' should be a whole number"),
            m(slices, "[[0, 5, 9], [5, 24]]", "'slices[0]' has more than two"),
            m(slices, "[[0, 5.0], [5, 24]]", "'slices[0]' should be a whole number"),
            m(slices, "[[0, 5], [6, 24]]", "there is a gap"),
            m(slices, "[[0, 5], [4, 24]]", "slices overlap"),
            m(slices, "[[5, 24], [0, 5]]", "'slices[0]' begins at frame 5"),
            m(slices, "[[0, 5], [5, 5], [5, 24]]", "'slices[1]' is empty"),
            m(slices, "[[0, 5], [5, 3]]", "'slices[1]' is empty"),
            m(slices, "[[0, 5], [5, 23]]", "ends at frame 23"),
            m(slices, "[[0, 5], [5, 25]]", "ends at frame 25"),
            m(slices, "[[-5, 5], [5, 24]]", "begins at frame -5"),
            m(slices, "[[0, 9223372036854775808]]", "more than 64 bits"),
            m(slices, "[[0, 1e1]]", "should be a whole number"),
            m(slices, "[[0, " + "9".repeat(5000) + "]]", "not JSON"),
            m(slices, "[".repeat(100_000), "should be a whole number"),
            m(shape, "[24]", "'sig_dims' is 2"),
            m(shape, "[]", "'sig_dims' is 2"),
            m(shape, "24", "'shape' should be a list"),
            m(shape, "[4, 6, 0, 10]", "'shape[2]' is 0"),
            m(shape, "[-4, -6, 8, 10]", "'shape[0]' is -4"),
            m(shape, "[4, 6, 8.0, 10]", "'shape[2]' should be a whole number"),
            m(shape, "[4, 6, 8, null]", "'shape[3]' should be a whole number"),
            m(shape, "[4, 6, 4611686018427387904, 4]", "more than 2^63 elements"),
            m(shape, "[4, 6, 96076792050570581, 4]", "more than 2^63"),
            m(shape, "[" + "1, ".repeat(64) + "24]", "more than 64 dimensions"),
            m("\"sig_dims\": 2", "\"sig_dims\": 2.0", "'sig_dims' should be a whole number"),
            m("\"sig_dims\": 2", "\"sig_dims\": 0", "'sig_dims' is 0"),
            m("\"sig_dims\": 2", "\"sig_dims\": 4", "'sig_dims' is 4"),
            m("\"sig_dims\": 2", "\"sig_dims\": 4294967298", "'sig_dims' is 4294967298"),
            m("\"sig_dims\": 2", "\"sig_dims\": null", "'sig_dims' should be"),
            m("\"float32\"", "\"<f4\"", "Write \"float32\""),
            m("\"float32\"", "\"f4\"", "Write \"float32\""),
            m("\"float32\"", "\">u1\"", "Write \"uint8\""),
            m("\"float32\"", "\" float32\"", "Write \"float32\""),
            m("\"float32\"", "\"object\"", "'dtype' is 'object'"),
            m("\"float32\"", "4", "'dtype' should be the name"),
            m("\"float32\"", "\"" + "x".repeat(100_000) + "\"", "'dtype' is 'xxx"));
    for (String[] mutation : mutations) {
      String text = GOOD.replace(mutation[0], mutation[1]);
      assertThat(text).isNotEqualTo(GOOD);
      assertRefused(
              ErrorCode.STRUCTURE_INVALID,
              () -> PartitionStructure.parse(text, "/a/structure.json"))
          .as(text.length() > 300 ? text.substring(0, 300) : text)
          .hasMessageStartingWith("[STRUCTURE_INVALID] /a/structure.json: ")
          .hasMessageContaining(mutation[2])
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(700));
    }
  }

  private static String[] m(String good, String bad, String named) {
    return new String[] {good, bad, named};
  }
}
