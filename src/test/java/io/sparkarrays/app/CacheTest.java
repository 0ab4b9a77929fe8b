// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command {@code cache}: what it writes, and what it leaves as it is. */
final class CacheTest {

  private final CommandLineRun app = new CommandLineRun();

  @TempDir private Path folder;

  private static byte[] bytes(Path path) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (var partition : ClusterDataSet.open(path).partitions()) {
      bytes.write(Files.readAllBytes(partition.path()));
    }
    return bytes.toByteArray();
  }

  @Test
  void copiesWhatIsMissing() throws IOException {
    Path source = folder.resolve("source");
    Path target = folder.resolve("target");
    CommandLineRun.write(source, 0, 1, 2, 3);
    String[] command = {"cache", source.toString(), target.toString()};
    assertThat(app.run("cache", command[1], command[2], "--write-option", "partitions=7")).isZero();
    assertThat(app.out())
        .contains("  partitions  7 of 7 present")
        .last()
        .asString()
        .matches("cached .*/source in [0-9.]+ s");
    ClusterDataSet copy = ClusterDataSet.open(target);
    assertThat(copy.structure().scan()).isEqualTo(CommandLineRun.STRUCTURE.scan());
    Object kept = Files.getAttribute(copy.partition(3).path(), "unix:ino");
    copy.partition(2).delete();
    assertThat(app.run(command)).isZero();
    assertThat(Files.getAttribute(copy.partition(3).path(), "unix:ino")).isEqualTo(kept);
    assertThat(bytes(target)).isEqualTo(bytes(source));

    assertThat(app.run("cache", command[1], command[2], "--write-option", "partitions=3"))
        .isEqualTo(1);
    assertThat(app.err()).last().asString().startsWith("[STRUCTURE_DIFFERS]");
    assertThat(app.run("cache", command[1])).isEqualTo(2);
  }
}
