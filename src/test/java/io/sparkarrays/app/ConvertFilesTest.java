// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.genericio.ReferenceFiles;
import io.sparkarrays.genericio.Vector3;
import io.sparkarrays.npz.NpzFile;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.TempFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Command {@code convert} between the formats whose files are single tables. */
final class ConvertFilesTest {

  private final CommandLineRun app = new CommandLineRun();

  @TempDir private Path folder;

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private static String reference(String file) {
    return ReferenceFiles.FOLDER.resolve(file).toAbsolutePath().toString();
  }

  private static Dataset<Row> read(String format, String path) {
    return LocalSpark.session()
        .read()
        .format(format)
        .options(format.equals("npz") ? Map.of("mode", "columns") : Map.of())
        .load(path)
        .drop("frame_index");
  }

  private static void assertSame(Dataset<Row> got, Dataset<Row> wanted) {
    assertThat(got.columns()).containsExactlyInAnyOrder(wanted.columns());
    Dataset<Row> sorted = got.selectExpr(wanted.columns());
    assertThat(got.count()).isEqualTo(wanted.count());
    assertThat(sorted.exceptAll(wanted).union(wanted.exceptAll(sorted)).collectAsList()).isEmpty();
  }

  @Test
  void splitSetIsWrittenAnew() throws IOException {
    String source = reference("gio/split_r4.gio");
    String target = at("out.gio");
    String[] convert = {
      "convert", source, target, "--from", "genericio", "--write-option", "boxSize=7"
    };
    assertThat(app.run(convert)).as(String.join("\n", app.err())).isZero();
    assertThat(app.out()).last().asString().startsWith("converted " + source);
    assertSame(read("genericio", target), read("genericio", source));
    try (GenericIOFile file = GenericIOFile.open(Path.of(target));
        GenericIOFile old = GenericIOFile.open(Path.of(source))) {
      assertThat(file.variables()).isEqualTo(old.variables());
      assertThat(file.scale()).isEqualTo(new Vector3(7, 7, 7));
    }
    assertThat(app.run(convert)).isEqualTo(1);
    assertThat(app.err()).last().asString().startsWith("[OPTION_INVALID] " + target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gio/all_r2.gio", "gio/vec_r2.gio", "derived/be_r2.gio"})
  void columnsGoToNumpyAndBack(String name) throws IOException {
    String source = reference(name);
    assertThat(
            app.run(
                "convert",
                source,
                at("npz"),
                "--from",
                "genericio",
                "--to",
                "npz",
                "--write-option",
                "mode=columns"))
        .as(String.join("\n", app.err()))
        .isZero();
    assertSame(read("npz", at("npz")), read("genericio", source));
    try (NpzFile file = NpzFile.open(folder.resolve("npz/rank-0.npz"));
        GenericIOFile old = GenericIOFile.open(Path.of(source))) {
      for (var variable : old.variables()) {
        assertThat(file.array(variable.name()).dtype().type()).isEqualTo(variable.elementType());
      }
    }
    assertThat(
            app.run(
                "convert",
                at("npz"),
                at("back.gio"),
                "--from",
                "npz",
                "--option",
                "mode=columns",
                "--to",
                "genericio"))
        .as(String.join("\n", app.err()))
        .isZero();
    assertSame(read("genericio", at("back.gio")), read("genericio", source));
  }

  @Test
  void damagedSourceLeavesNothing() throws IOException {
    assertThat(
            app.run(
                "convert",
                reference("derived/bad_crc_bytes.gio"),
                at("out.gio"),
                "--from",
                "genericio"))
        .isEqualTo(1);
    assertThat(app.err()).last().asString().startsWith("[CHECKSUM_DIFFERS] ");
    assertThat(TempFolder.names(folder)).isEmpty();
  }
}
