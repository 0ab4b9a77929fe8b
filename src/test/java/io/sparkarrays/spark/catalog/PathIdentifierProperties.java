// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.spark.sql.connector.catalog.Identifier;

/** A name in the catalog gives back the path and options that it was made of. */
class PathIdentifierProperties {

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> odd =
        Arbitraries.strings().withChars("/?%&=+#.`'\" \\;:éÄ漢😀2F35").ofMaxLength(12);
    return Arbitraries.oneOf(odd, Arbitraries.strings().ofMaxLength(8));
  }

  @Provide
  Arbitrary<Map<String, String>> options() {
    Arbitrary<String> names = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(6);
    return Arbitraries.maps(names.filter(n -> !n.equalsIgnoreCase("path")), texts()).ofMaxSize(4);
  }

  @Property(tries = 500)
  void comesBackAsItWas(
      @ForAll("texts") String path, @ForAll("options") Map<String, String> others) {
    Map<String, String> options = new HashMap<>();
    others.forEach((key, value) -> options.put(key, wellFormed(value)));
    options.put("path", wellFormed(path));
    Identifier identifier = PathIdentifier.of("clusterdata", options);
    assertThat(identifier.namespace()).containsExactly("clusterdata");
    assertThat(PathIdentifier.options(identifier)).isEqualTo(options);
    // Spark keeps only the strings.
    Identifier kept = Identifier.of(identifier.namespace(), identifier.name());
    assertThat(PathIdentifier.options(kept)).isEqualTo(options);
  }

  /** Half a surrogate pair is no text, and no file can be named by it. */
  private static String wellFormed(String text) {
    int[] whole = text.codePoints().filter(c -> c < 0xd800 || c > 0xdfff).toArray();
    return new String(whole, 0, whole.length);
  }

  @Property(tries = 200)
  void differentDataSetsHaveDifferentNames(@ForAll("texts") String a, @ForAll("texts") String b) {
    Identifier first = PathIdentifier.of("clusterdata", Map.of("path", wellFormed(a)));
    Identifier second = PathIdentifier.of("clusterdata", Map.of("path", wellFormed(b)));
    assertThat(first.equals(second)).isEqualTo(wellFormed(a).equals(wellFormed(b)));
  }
}
