// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.virtual.VirtualMapping;
import io.sparkarrays.spark.LocalSpark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command {@code stitch}. */
final class StitchTest {

  private final CommandLineRun app = new CommandLineRun();

  @TempDir private Path temp;

  /** Writes uint8 that count up from a number. */
  private String write(String name, String dtype, int first, long... dims) {
    Shape shape = Shape.of(dims);
    ValueType type = new ValueType.Plain(Dtype.parse(dtype));
    byte[] bytes = new byte[(int) shape.size() * type.size()];
    for (int i = 0; i < shape.size(); i++) {
      bytes[i * type.size()] = (byte) (first + i);
    }
    try (Hdf5Writer writer = Hdf5Writer.create(temp.resolve(name))) {
      writer
          .createDataset("/entry/data", DatasetCreation.of(type, shape))
          .write(Hyperslab.all(shape), ByteBuffer.wrap(bytes));
    }
    return temp.resolve(name).toString();
  }

  private List<String> stitch(String... arguments) {
    List<String> all = new ArrayList<>(List.of("stitch"));
    all.addAll(List.of(arguments));
    all.addAll(List.of(out().toString(), "--dataset", "/entry/data"));
    assertThat(app.run(all.toArray(String[]::new))).as("%s", app.err()).isZero();
    return app.out();
  }

  private Path out() {
    return temp.resolve("all.h5");
  }

  private List<Object> values(Shape shape) throws IOException {
    try (Hdf5File file = Hdf5File.open(out())) {
      Dataset dataset = file.dataset("/entry/data");
      assertThat(dataset.shape()).isEqualTo(shape);
      assertThat(dataset.isVirtual()).isTrue();
      return dataset.values(Hyperslab.all(shape));
    }
  }

  private static List<Object> numbers(long... values) {
    return LongStream.of(values).mapToObj(value -> (Object) value).toList();
  }

  @Test
  void filesFollowEachOtherByTheirNumbers() throws IOException {
    write("data_10.h5", "uint8", 30, 1, 2);
    write("data_2.h5", "uint8", 20, 2, 2);
    write("data_1.h5", "uint8", 10, 1, 2);
    assertThat(stitch(temp + "/*.h5"))
        .containsExactly(out() + ", /entry/data: uint8 (4, 2) of 3 sources");
    assertThat(values(Shape.of(4, 2))).isEqualTo(numbers(10, 11, 20, 21, 22, 23, 30, 31));
    try (Hdf5File file = Hdf5File.open(out())) {
      assertThat(file.dataset("/entry/data").virtualSources())
          .extracting(VirtualMapping::file)
          .containsExactly("data_1.h5", "data_2.h5", "data_10.h5");
    }
    // Again: the file itself is none of its sources, and it must not be there.
    assertThat(app.run("stitch", temp + "/*.h5", out().toString(), "--dataset", "/entry/data"))
        .isEqualTo(1);
    assertThat(app.err()).last().asString().startsWith("[HDF5_OBJECT_EXISTS]");
    stitch(temp + "/*.h5", "--overwrite");
    assertThat(values(Shape.of(4, 2))).hasSize(8);
  }

  @Test
  void filesTakeTurns() throws IOException {
    String a = write("a.h5", "uint8", 0, 5);
    String b = write("b.h5", "uint8", 100, 4);
    stitch(a, b, "--interleave", "2");
    assertThat(values(Shape.of(9))).isEqualTo(numbers(0, 1, 100, 101, 2, 3, 102, 103, 4));
  }

  @Test
  void filesMayGrow() throws IOException {
    String a = write("a.h5", "uint8", 0, 2, 1);
    String b = write("b.h5", "uint8", 100, 1, 1);
    stitch(a, b, "--growing");
    assertThat(values(Shape.of(3, 1))).isEqualTo(numbers(0, 1, 100));
    write("b.h5", "uint8", 100, 4, 1);
    assertThat(values(Shape.of(6, 1))).isEqualTo(numbers(0, 1, 100, 101, 102, 103));
    stitch(a, b, "--growing", "--interleave", "1", "--overwrite");
    write("a.h5", "uint8", 0, 4, 1);
    assertThat(values(Shape.of(8, 1))).isEqualTo(numbers(0, 100, 1, 101, 2, 102, 3, 103));
  }

  @Test
  void filesArePartsOfFrames() throws IOException {
    String a = write("a.h5", "uint8", 0, 2, 1, 2);
    String b = write("b.h5", "uint8", 100, 2, 1, 2);
    stitch(a, b, "--along", "rows", "--gap", "1", "--fill", "7");
    assertThat(values(Shape.of(2, 3, 2)))
        .isEqualTo(numbers(0, 1, 7, 7, 100, 101, 2, 3, 7, 7, 102, 103));
    stitch(b, a, "--along", "columns", "--overwrite");
    assertThat(values(Shape.of(2, 1, 4))).isEqualTo(numbers(100, 101, 0, 1, 102, 103, 2, 3));
    stitch(a, b, "--along", "new", "--overwrite");
    assertThat(values(Shape.of(2, 2, 1, 2))).isEqualTo(numbers(0, 1, 2, 3, 100, 101, 102, 103));
  }

  @Test
  void refusesWhatDoesNotFit() throws IOException {
    String a = write("a.h5", "uint8", 0, 2, 3);
    String b = write("b.h5", "uint8", 0, 2, 4);
    String c = write("c.h5", "uint16", 0, 2, 3);
    String out = out().toString();
    failed(1, "[VDS_MAPPING_INVALID]", "stitch", a, b, out, "--dataset", "/entry/data");
    failed(1, "[PARTS_DIFFER]", "stitch", a, c, out, "--dataset", "/entry/data");
    failed(1, "[PATH_NOT_FOUND]", "stitch", a, temp + "/none*", out, "--dataset", "/entry/data");
    failed(1, "[HDF5_OBJECT_MISSING]", "stitch", a, out, "--dataset", "/other");
    failed(1, "fill value", "stitch", a, out, "--dataset", "/entry/data", "--fill", "256");
    failed(2, "--dataset is missing", "stitch", a, out);
    failed(2, "OUT is missing", "stitch", a, "--dataset", "/entry/data");
    failed(2, "--along x", "stitch", a, out, "--dataset", "/d", "--along", "x");
    failed(2, "--gap is", "stitch", a, out, "--dataset", "/d", "--gap", "1");
    failed(2, "--growing is", "stitch", a, out, "--dataset", "/d", "--along", "new", "--growing");
    failed(2, "--interleave 0", "stitch", a, out, "--dataset", "/d", "--interleave", "0");
    failed(
        2,
        "--interleave is",
        "stitch",
        a,
        out,
        "--dataset",
        "/d",
        "--interleave",
        "1",
        "--along",
        "new");
    // Nothing is left, whole or half.
    try (Stream<Path> files = Files.list(temp)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("a.h5", "b.h5", "c.h5");
    }
  }

  /** The same by SQL. */
  @Test
  void sqlStitches() throws IOException {
    String a = write("a.h5", "uint8", 0, 2, 1, 2);
    String b = write("b.h5", "uint8", 100, 2, 1, 2);
    SparkSession spark = LocalSpark.session();
    spark.conf().set("spark.sql.catalog.hdf5", "io.sparkarrays.spark.catalog.Hdf5Catalog");
    String call = "CALL hdf5.stitch(array('%s', '%s'), '%s', '/entry/data'%s)";
    List<Row> rows =
        spark
            .sql(
                String.format(
                    Locale.ROOT, call, a, b, out(), ", along => 'rows', gap => 1, fill => '7'"))
            .collectAsList();
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).json())
        .isEqualTo(
            "{\"path\":\""
                + out()
                + "\",\"dataset\":\"/entry/data\",\"dtype\":\"uint8\","
                + "\"shape\":[2,3,2],\"mappings\":2}");
    assertThat(values(Shape.of(2, 3, 2)))
        .isEqualTo(numbers(0, 1, 7, 7, 100, 101, 2, 3, 7, 7, 102, 103));
    spark.sql(
        String.format(
            Locale.ROOT,
            "CALL hdf5.stitch(files => array('%s/[ab].h5'), out => '%s', dataset => '/entry/data',"
                + " interleave => 1, growing => true, overwrite => true, name => '/all')",
            temp,
            out()));
    try (Hdf5File file = Hdf5File.open(out())) {
      assertThat(file.dataset("/all").maxDims()).containsExactly(-1, 1, 2);
      assertThat(file.dataset("/all").shape()).isEqualTo(Shape.of(4, 1, 2));
    }
    for (String wrong : List.of("", ", gap => 1", ", along => 'x'", ", interleave => 0")) {
      String code = wrong.isEmpty() ? "HDF5_OBJECT_EXISTS" : "OPTION_INVALID";
      assertThatThrownBy(() -> spark.sql(String.format(Locale.ROOT, call, a, b, out(), wrong)))
          .as(wrong)
          .hasMessageContaining("[" + code + "]");
    }
    assertThatThrownBy(() -> spark.sql("CALL hdf5.sew()"))
        .hasRootCauseMessage(
            "[OPERATION_UNSUPPORTED] sew: catalog hdf5 has no procedure of that name."
                + " There are [stitch].");
  }

  private void failed(int status, String line, String... arguments) {
    assertThat(app.run(arguments)).isEqualTo(status);
    assertThat(app.err()).anyMatch(text -> text.contains(line));
  }
}
