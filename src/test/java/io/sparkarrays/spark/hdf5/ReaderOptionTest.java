// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.library.Hdf5Library;
import io.sparkarrays.spark.LocalSpark;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.read.SeamReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Option {@code reader}: what the HDF Group's library reads in tasks is what we read. */
final class ReaderOptionTest {

  private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();
  private static final Path RARE = RESOURCES.resolve("hdf5/cases/filters_rare_v110.h5");

  private static SparkSession spark;

  @BeforeAll
  static void setUp() {
    spark = LocalSpark.session();
    assertThat(Hdf5Library.load()).startsWith("1.14");
  }

  private static Map<Long, byte[]> frames(Path file, String dataset, String reader)
      throws IOException {
    Map<String, String> all =
        Map.of(
            "path",
            file.toString(),
            "dataset",
            dataset,
            "frames",
            "binary",
            "scanRank",
            "0",
            "reader",
            reader);
    ReadOptions options = ReadOptions.of(all);
    return new SeamReader(Hdf5Source.open(spark, options), options).read(Integer.MAX_VALUE);
  }

  @Test
  void theLibraryReadsTheSameFrames() throws IOException {
    long before = open();
    int equal = 0;
    List<String> failed = new ArrayList<>();
    for (ReferenceDatasets.Place place : ReferenceDatasets.all()) {
      if (place.rank() == 0) {
        continue;
      }
      try {
        byte[] found = frames(place.file(), place.dataset(), "library").get(0L);
        assertThat(found)
            .as("%s", place)
            .isEqualTo(frames(place.file(), place.dataset(), "java").get(0L));
        equal++;
      } catch (ArrayException e) {
        assertThat(e.code()).as("%s", place).isEqualTo(ErrorCode.HDF5_LIBRARY_FAILED);
        failed.add(e.getMessage());
      }
    }
    assertThat(equal).isGreaterThan(100);
    // Only the library fails so: it was asked.
    assertThat(failed).isNotEmpty().allMatch(m -> m.contains("version") || m.contains("filter"));
    assertThat(open()).isEqualTo(before);
  }

  /** Files, data sets and types that the library has open; it has types of its own. */
  private static long open() {
    return H5.H5Fget_obj_count(HDF5Constants.H5F_OBJ_ALL, HDF5Constants.H5F_OBJ_ALL);
  }

  private static Dataset<Row> load(Path file, String dataset, String reader) {
    return spark
        .read()
        .format("hdf5")
        .option("dataset", dataset)
        .option("reader", reader)
        .load(file.toString());
  }

  private static List<String> rows(Dataset<Row> frames) {
    return frames.toJSON().collectAsList().stream().sorted().toList();
  }

  @Test
  void tasksReadByIt() {
    long before = open();
    for (String dataset : List.of("/nbit_full", "/scaleoffset_int")) {
      assertThat(rows(load(RARE, dataset, "library")))
          .isEqualTo(rows(load(RARE, dataset, "java")))
          .isNotEmpty();
    }
    Path virtual = RESOURCES.resolve("vds/vds_simple/VDS.h5");
    assertThat(rows(load(virtual, "vdata", "library")))
        .isEqualTo(rows(load(virtual, "vdata", "java")))
        .isNotEmpty();
    assertThat(open()).isEqualTo(before);
  }

  @Test
  void saysWhatHelpsWithAFilterThatNobodyHas() {
    for (String reader : List.of("java", "auto")) {
      assertThat(
              assertRefused(
                  ErrorCode.UNSUPPORTED_FILTER, () -> load(RARE, "/szip_ec", reader).collect()))
          .contains("4 (szip)", "JHDF5 has szip", "reader = auto");
    }
    assertThat(
            assertRefused(
                ErrorCode.HDF5_LIBRARY_FAILED, () -> load(RARE, "/szip_ec", "library").collect()))
        .contains("szip_ec");
  }

  @Test
  void theLibraryReadsLocalFilesAlone() {
    String name = "fs.viewfs.mounttable.reader.link./res";
    spark.sparkContext().hadoopConfiguration().set(name, RESOURCES.toUri().toString());
    String uri = "viewfs://reader/res/" + RESOURCES.relativize(RARE);
    assertThat(
            assertRefused(
                ErrorCode.HDF5_UNSUPPORTED,
                () ->
                    spark
                        .read()
                        .format("hdf5")
                        .option("dataset", "/nbit_full")
                        .option("reader", "library")
                        .load(uri)
                        .collect()))
        .contains("local files", "reader auto or java");
  }
}
