// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.spark.source.TableRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.SparkSession;

/** Adds the parts of a job to the tables of a result, and checks that frames are there once. */
final class ResultTables {

  private final TableRequest request;
  private final ResultColumns columns;
  private final SparkSession spark;
  private final boolean stream;

  ResultTables(TableRequest request, ResultColumns columns, SparkSession spark, boolean stream) {
    this.request = request;
    this.columns = columns;
    this.spark = spark;
    this.stream = stream;
  }

  /**
   * The tables of the new result.
   *
   * @param standing those that stay
   * @param prefix goes before the names of parts
   * @throws ArrayException {@code FRAME_DOUBLED}, {@code AMBIGUOUS_FRAME_INDEX}, {@code
   *     FRAMES_MISSING}, {@code PARTS_DIFFER}, {@code STRUCTURE_DIFFERS}, {@code COLUMN_NAME}
   */
  List<ResultManifest.Table> merge(
      List<ResultManifest.Table> standing, List<PartReport> reports, String prefix) {
    Map<String, ResultManifest.Table> tables = new LinkedHashMap<>();
    standing.forEach(table -> tables.put(key(table.paths()), table));
    if (reports.isEmpty()) {
      empty().ifPresent(table -> tables.putIfAbsent(key(table.paths()), table));
    }
    for (PartReport report : reports) {
      String key = key(report.columns().stream().map(PartReport.Array::path).toList());
      ResultManifest.Table before = tables.get(key);
      tables.put(key, before == null ? begun(report, prefix) : added(before, report, prefix));
    }
    List<ResultManifest.Table> all = List.copyOf(tables.values());
    requireApart(all);
    for (ResultManifest.Table table : all) {
      new FrameCheck(table, stream, request.options().result().fillMissing()).check();
    }
    return all;
  }

  private static String key(List<String> paths) {
    return String.join("\n", paths);
  }

  /** What is known of the arrays before any row. */
  private java.util.Optional<ResultManifest.Table> empty() {
    List<PartReport.Array> arrays = new ArrayList<>();
    for (ArrayColumn column : columns.arrays()) {
      WrittenValue value = column.value();
      if (columns.byFile() || value.frame() == null) {
        return java.util.Optional.empty();
      }
      ValueType type = value.isPlain() ? new ValueType.Plain(value.dtype()) : value.node().type();
      arrays.add(new PartReport.Array(column.path(), type, value.frame()));
    }
    PartReport none = new PartReport("", null, 0, new FrameRuns(), arrays);
    ResultManifest.Table table = begun(none, "");
    return java.util.Optional.of(table.with(table.arrays(), List.of()));
  }

  private ResultManifest.Table begun(PartReport report, String prefix) {
    List<ResultManifest.Array> arrays = new ArrayList<>();
    for (int i = 0; i < report.columns().size(); i++) {
      PartReport.Array array = report.columns().get(i);
      ArrayPlan plan = columns.arrays().get(i).plan();
      arrays.add(
          new ResultManifest.Array(
              array.path(),
              TypeNames.json(array.type()),
              array.frame().dims(),
              plan.fill(),
              plan.chunks().dims(),
              plan.compression().toString()));
    }
    return new ResultManifest.Table(
        report.file(),
        arrays,
        request.options().scan().map(Shape::dims).orElse(null),
        List.of(part(report, prefix)),
        ResultDescription.of(request, columns, report, spark, stream));
  }

  private static ResultManifest.Part part(PartReport report, String prefix) {
    return new ResultManifest.Part(prefix + report.name(), report.rows(), report.runs().numbers());
  }

  private ResultManifest.Table added(ResultManifest.Table table, PartReport report, String prefix) {
    if ((stream || columns.byFile())
        && table.file() != null
        && report.file() != null
        && !Objects.equals(table.file(), report.file())) {
      throw FrameCheck.ambiguous(table, "rows are of " + table.file() + " and of " + report.file());
    }
    request
        .options()
        .scan()
        .filter(scan -> !Arrays.equals(scan.dims(), table.scan()))
        .ifPresent(
            scan -> {
              throw new ArrayException(
                  ErrorCode.STRUCTURE_DIFFERS,
                  table.paths().get(0),
                  "its scan is "
                      + (table.scan() == null ? "as long as its frames" : Shape.of(table.scan()))
                      + ", not "
                      + scan,
                  "Leave scanShape out, or overwrite the result");
            });
    List<ResultManifest.Array> arrays = new ArrayList<>();
    for (int i = 0; i < table.arrays().size(); i++) {
      ResultManifest.Array array = table.arrays().get(i);
      PartReport.Array other = report.columns().get(i);
      if (!Arrays.equals(array.frame(), other.frame().dims())) {
        throw new ArrayException(
            ErrorCode.PARTS_DIFFER,
            array.path(),
            "some rows are frames of " + Shape.of(array.frame()) + ", others of " + other.frame(),
            "Write frames of one shape");
      }
      ValueType type = TypeNames.common(array.path(), TypeNames.parse(array.type()), other.type());
      arrays.add(
          new ResultManifest.Array(
              array.path(),
              TypeNames.json(type),
              array.frame(),
              array.fill(),
              array.chunks(),
              array.compression()));
    }
    List<ResultManifest.Part> parts = new ArrayList<>(table.parts());
    parts.add(part(report, prefix));
    return table.with(arrays, parts);
  }

  /** An array that is in two tables, or inside another array. */
  private static void requireApart(List<ResultManifest.Table> tables) {
    List<String> paths = tables.stream().flatMap(table -> table.paths().stream()).sorted().toList();
    for (int i = 0; i < paths.size(); i++) {
      for (int j = i + 1; j < paths.size(); j++) {
        if (paths.get(j).equals(paths.get(i)) || paths.get(j).startsWith(paths.get(i) + "/")) {
          throw new ArrayException(
              ErrorCode.COLUMN_NAME,
              "arrays " + paths.get(i) + " and " + paths.get(j),
              "one is in the place of the other",
              "Give other names by option dataset or datasets");
        }
      }
    }
  }
}
