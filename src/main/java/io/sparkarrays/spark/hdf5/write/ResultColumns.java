// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.filter.Compression;
import io.sparkarrays.spark.options.ArrayOption;
import io.sparkarrays.spark.options.ResultOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.read.TableSchema;
import io.sparkarrays.spark.source.MetadataField;
import io.sparkarrays.spark.write.FrameField;
import io.sparkarrays.spark.write.IndexColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * What each column of the rows is for a result: an array, the place of the row in the scan, or the
 * file that the row is of.
 *
 * @param arrays columns that become arrays
 * @param index columns that tell a row's place
 * @param fileColumn the column that tells the file of a row, or -1
 * @param byFile whether each file has arrays of its own
 * @param dims names of the scan's dimensions, if there are any
 */
record ResultColumns(
    List<ArrayColumn> arrays,
    IndexColumns index,
    int fileColumn,
    boolean byFile,
    List<String> dims) {

  /** More frames than any scan has. */
  private static final long ANY = 1L << 56;

  /**
   * Sorts the columns out.
   *
   * @throws ArrayException {@code COLUMN_MISSING}, {@code COLUMN_UNKNOWN}, {@code COLUMN_TYPE},
   *     {@code COLUMN_NAME}, {@code OPTION_INVALID}, {@code OPTION_MISSING}
   */
  static ResultColumns of(StructType rows, WriteOptions options) {
    ResultOptions result = options.result();
    int rank = options.scan().map(Shape::rank).orElse(1);
    List<String> scan =
        result.dims().orElseGet(() -> IntStream.range(0, rank).mapToObj(i -> "scan_" + i).toList());
    if (scan.size() != rank) {
      throw ResultOptions.invalid(
          ArrayOption.DIMS,
          String.join(",", scan),
          options.scan().isEmpty()
              ? "without scanShape the scan has one dimension"
              : scan.size() + " names for the scan " + options.scan().get());
    }
    Set<String> others = new HashSet<>(scan.stream().map(ResultColumns::lower).toList());
    others.add(TableSchema.FRAME_INDEX);
    String file = MetadataField.FILE.columnName();
    others.add(file);
    Map<Integer, String> paths = paths(rows, others, result);
    boolean byFile = paths.values().stream().anyMatch(path -> path.contains(ArrayColumn.FILE));
    int fileColumn = find(rows, file);
    if (byFile && fileColumn < 0) {
      throw new ArrayException(
          ErrorCode.COLUMN_MISSING,
          "columns " + Arrays.toString(rows.fieldNames()),
          "no column " + file + " tells which file a row is of",
          "Select it, too, from what was read: df.select(\"_file\", …)");
    }
    if (byFile && !paths.values().stream().allMatch(path -> path.contains(ArrayColumn.FILE))) {
      throw ResultOptions.invalid(
          ArrayOption.DATASETS,
          String.join(",", paths.values()),
          ArrayColumn.FILE + " is in some paths, but not in all");
    }
    Shape shape = options.scan().orElse(Shape.of(ANY));
    return new ResultColumns(
        arrays(rows, paths, options),
        IndexColumns.named(rows, new FrameLayout(shape, Shape.of()), scan),
        fileColumn,
        byFile,
        result.dims().orElse(List.of()));
  }

  /** The arrays' paths, in which a file's name may be left open. */
  List<String> paths() {
    return arrays.stream().map(ArrayColumn::path).toList();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static int find(StructType rows, String name) {
    String[] names = rows.fieldNames();
    return IntStream.range(0, names.length)
        .filter(i -> names[i].equalsIgnoreCase(name))
        .findFirst()
        .orElse(-1);
  }

  /** The path of each column that becomes an array. */
  private static Map<Integer, String> paths(
      StructType rows, Set<String> others, ResultOptions result) {
    Map<Integer, String> paths = new LinkedHashMap<>();
    if (result.datasets().isPresent()) {
      for (String entry : result.datasets().get()) {
        int as = entry.lastIndexOf(" as ");
        String path = path(as < 0 ? entry : entry.substring(0, as).strip());
        String name = as < 0 ? path.substring(path.lastIndexOf('/') + 1) : entry.substring(as + 4);
        int column = find(rows, name.strip());
        if (column < 0) {
          throw new ArrayException(
              ErrorCode.COLUMN_UNKNOWN,
              "option datasets = '" + entry + "'",
              "there is no column " + name.strip(),
              "Name one of " + Arrays.toString(rows.fieldNames()) + ": /entry/data as counts");
        }
        paths.put(column, path);
      }
    } else {
      List<Integer> columns =
          IntStream.range(0, rows.length())
              .filter(i -> !others.contains(lower(rows.fields()[i].name())))
              .boxed()
              .toList();
      for (int column : columns) {
        paths.put(column, path(rows, column, columns.size() == 1, result.dataset()));
      }
    }
    if (paths.isEmpty()) {
      throw new ArrayException(
          ErrorCode.COLUMN_MISSING,
          "columns " + Arrays.toString(rows.fieldNames()),
          "all of them tell where a row is, and none what it holds",
          "Select a column of values, too");
    }
    if (new HashSet<>(paths.values()).size() < paths.size()) {
      throw new ArrayException(
          ErrorCode.COLUMN_NAME,
          "arrays " + paths.values(),
          "two columns would be one array",
          "Give option datasets: /a/data as x,/b/data as y");
    }
    return paths;
  }

  private static String path(StructType rows, int column, boolean only, Optional<String> dataset) {
    FrameField field = new FrameField(column, rows.fields()[column]);
    if (dataset.isPresent()) {
      return path(dataset.get() + (only ? "" : "/" + field.name()));
    }
    boolean read = field.field().metadata().contains(TableSchema.SOURCE_KEY);
    String source = read ? field.field().metadata().getString(TableSchema.SOURCE_KEY) : "";
    return path(source.startsWith("/") ? source : field.name());
  }

  /** A path from the root, without empty steps. */
  private static String path(String text) {
    List<String> steps = Arrays.stream(text.split("/")).filter(step -> !step.isBlank()).toList();
    if (steps.isEmpty() || steps.contains(".") || steps.contains("..")) {
      throw ResultOptions.invalid(ArrayOption.DATASET, text, "no path of an array in a file");
    }
    return "/" + String.join("/", steps);
  }

  private static List<ArrayColumn> arrays(
      StructType rows, Map<Integer, String> paths, WriteOptions options) {
    long frames = paths.keySet().stream().filter(i -> isArray(rows.fields()[i].dataType())).count();
    ArrayPlan plan =
        new ArrayPlan(
            options.result().chunks().orElse(Shape.of()),
            compression(options.result()),
            options.result().fillValue());
    if (plan.chunks().rank() > 0 && plan.chunks().size() == 0) {
      throw ResultOptions.invalid(
          ArrayOption.CHUNKS, plan.chunks().toString(), "an extent of a chunk is 0");
    }
    List<ArrayColumn> arrays = new ArrayList<>();
    paths.forEach(
        (column, path) -> {
          FrameField field = new FrameField(column, rows.fields()[column]);
          boolean array = isArray(field.type());
          Optional<Dtype> dtype = frames == 0 || array ? options.dtype() : Optional.empty();
          // One shape is not for several columns that know their own.
          Optional<Shape> shape = frames == 1 ? options.frame() : field.shape().or(options::frame);
          arrays.add(new ArrayColumn(WrittenValue.of(field, dtype, shape), path, plan));
        });
    return arrays;
  }

  private static boolean isArray(DataType type) {
    return type instanceof ArrayType || type instanceof BinaryType;
  }

  private static Compression compression(ResultOptions result) {
    String text = result.compression().orElse("none");
    try {
      return Compression.parse(text);
    } catch (IllegalArgumentException e) {
      throw ResultOptions.invalid(
          ArrayOption.COMPRESSION,
          text,
          "not one of none, gzip, lz4, bitshuffle-lz4, zstd, with levels as in gzip:9");
    }
  }
}
