// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.core.Shape;
import io.sparkarrays.npz.NpyArray;
import io.sparkarrays.npz.NpzFile;
import io.sparkarrays.spark.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command {@code convert} of HDF5 files, plain and virtual. */
final class ConvertHdf5Test {

  private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();

  private final CommandLineRun app = new CommandLineRun();

  @TempDir private Path folder;

  private String target() {
    return folder.resolve("target").toString();
  }

  @ParameterizedTest
  @CsvSource({
    "vds/percival_use_case/full_time_series.h5, data, vds/percival_use_case/expected.npz, expected",
    "vds/eiger_use_case/eiger_vds.h5, data, vds/eiger_use_case/expected.npz, expected",
    "hdf5/cases/storage_chunkedA_v110.h5, /fixed_filtered,"
        + " hdf5/expected/storage_chunkedA_earliest.npz, fixed_filtered",
  })
  void framesGoToPartitions(String file, String dataset, String expected, String key)
      throws IOException {
    String source = RESOURCES.resolve(file).toString();
    int status =
        app.run(
            "convert",
            source,
            target(),
            "--to",
            "clusterdata",
            "--option",
            "dataset=" + dataset,
            "--write-option",
            "partitions=3");
    assertThat(status).as(String.join("\n", app.err())).isZero();
    assertThat(app.out()).last().asString().startsWith("converted " + source);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ClusterDataSet written = ClusterDataSet.open(folder.resolve("target"));
    for (var partition : written.partitions()) {
      bytes.write(Files.readAllBytes(partition.path()));
    }
    try (NpzFile npz = NpzFile.open(RESOURCES.resolve(expected))) {
      NpyArray array = npz.array(key);
      Shape shape = array.shape();
      assertThat(written.structure().dtype()).isEqualTo(array.dtype());
      assertThat(written.structure().scan()).isEqualTo(shape.slice(0, 1));
      assertThat(written.structure().frame()).isEqualTo(shape.slice(1, shape.rank()));
      assertThat(ByteBuffer.wrap(bytes.toByteArray())).isEqualTo(array.read());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "frames=array"})
  void framesGoToNumpy(String form) throws IOException {
    String source = RESOURCES.resolve("vds/percival_use_case/full_time_series.h5").toString();
    List<String> convert =
        new ArrayList<>(List.of("convert", source, target(), "--to", "npz", "--option"));
    convert.addAll(List.of("dataset=data", "--write-option", "mode=columns"));
    if (!form.isEmpty()) {
      convert.addAll(List.of("--option", form));
    }
    assertThat(app.run(convert.toArray(String[]::new))).as(String.join("\n", app.err())).isZero();
    List<Row> rows =
        LocalSpark.session()
            .read()
            .format("npz")
            .options(Map.of("mode", "columns"))
            .load(target())
            .selectExpr("data")
            .collectAsList();
    try (NpzFile npz = NpzFile.open(RESOURCES.resolve("vds/percival_use_case/expected.npz"))) {
      NpyArray array = npz.array("expected");
      ByteBuffer bytes = array.read().order(ByteOrder.LITTLE_ENDIAN);
      List<Integer> expected = new ArrayList<>();
      while (bytes.hasRemaining()) {
        expected.add(bytes.getShort() & 0xffff);
      }
      assertThat(rows.stream().flatMap(row -> row.<Integer>getList(0).stream()).toList())
          .isEqualTo(expected);
    }
  }
}
