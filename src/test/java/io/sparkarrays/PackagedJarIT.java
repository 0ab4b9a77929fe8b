// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/**
 * Looks into the packaged jar: it holds our classes and their registration, and nothing of anybody
 * else, so that it can't clash with what Spark or a user's job brings.
 */
final class PackagedJarIT {

  private static final Path JAR = Path.of(System.getProperty("sparkarrays.jar"));

  private static List<String> entries() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
    }
  }

  @Test
  void holdsOurClassesOnly() throws IOException {
    List<String> entries = entries();
    assertThat(entries)
        .contains("META-INF/LICENSE", "META-INF/MANIFEST.MF", "io/sparkarrays/core/Shape.class");
    assertThat(entries)
        .filteredOn(
            name ->
                !name.startsWith("io/sparkarrays/")
                    && !name.matches("META-INF/(LICENSE|MANIFEST\\.MF|services/[A-Za-z.]+)"))
        .as("entries that are not ours")
        .isEmpty();
  }

  @Test
  void isWhatIntegrationTestsRun() throws URISyntaxException {
    Path loadedFrom =
        Path.of(Shape.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    assertThat(loadedFrom).isEqualTo(JAR);
  }
}
