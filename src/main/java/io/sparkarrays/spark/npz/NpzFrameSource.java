// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.npz.NpyArray;
import io.sparkarrays.npz.NpzFile;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The arrays of npz files as columns: the first dimension is the scan, the others are the frame.
 * The files' rows follow each other.
 */
final class NpzFrameSource implements FrameSource {

  private final String path;
  private final List<FrameColumn> columns;
  private final List<FrameRange> ranges;
  private final long rows;
  private final boolean verify;

  private NpzFrameSource(
      String path, List<FrameColumn> columns, List<FrameRange> ranges, long rows, boolean verify) {
    this.path = path;
    this.columns = columns;
    this.ranges = ranges;
    this.rows = rows;
    this.verify = verify;
  }

  /**
   * Reads the headers of all files.
   *
   * @throws ArrayException {@code PATH_NOT_FOUND}, {@code PARTS_DIFFER}, {@code COLUMN_UNKNOWN},
   *     {@code DTYPE_UNSUPPORTED}, {@code STRUCTURE_INVALID}, and what damaged files give
   */
  static NpzFrameSource open(ReadOptions options) {
    List<FrameColumn> columns = null;
    String first = "";
    List<FrameRange> ranges = new ArrayList<>();
    long rows = 0;
    int number = 0;
    for (RankFile file : NpzFiles.require(options.path())) {
      Map<String, NpyArray> arrays = arrays(file.file(), options);
      List<FrameColumn> here = columns(file.file(), arrays);
      if (columns == null) {
        columns = here;
        first = file.file();
      }
      if (options.datasets().isEmpty()) {
        here = shared(here, columns);
        columns = shared(columns, here);
      }
      if (common(columns, here).isPresent()) {
        columns = common(columns, here).get();
      } else {
        throw new ArrayException(
            ErrorCode.PARTS_DIFFER,
            file.file(),
            "its arrays are " + here + ", those of " + first + " are " + columns,
            "Read the files apart, or name arrays that are alike with option datasets");
      }
      long more = rows(file.file(), arrays);
      if (more > 0) {
        int partition = file.rank() < 0 ? number : file.rank();
        ranges.add(new FrameRange(file.file(), rows, rows + more, partition, true, List.of()));
      }
      rows = Math.addExact(rows, more);
      number++;
    }
    return new NpzFrameSource(options.path(), columns, ranges, rows, options.verify());
  }

  /**
   * The arrays that become columns: those asked for; else all of numbers, and of the others those
   * that are as long as these, in all files.
   */
  private static Map<String, NpyArray> arrays(String path, ReadOptions options) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    try (NpzFile file = NpzFile.open(Path.of(path))) {
      for (String name : options.datasets().orElseGet(file::names)) {
        NpyArray array = file.array(name);
        arrays.put(name, array);
      }
      if (options.datasets().isEmpty()) {
        Set<Long> lengths =
            arrays.values().stream()
                .filter(NpyArray::isNumber)
                .map(NpyArray::rows)
                .collect(Collectors.toSet());
        arrays
            .values()
            .removeIf(a -> !a.isNumber() && (a.shape().rank() == 0 || !fits(a, lengths)));
      }
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED, path, "it can't be read: " + e, "Check its permissions", e);
    }
    return arrays;
  }

  private static boolean fits(NpyArray array, Set<Long> lengths) {
    return lengths.isEmpty() || lengths.contains(array.rows());
  }

  /** The columns without text and the like that another file hasn't in its table. */
  private static List<FrameColumn> shared(List<FrameColumn> columns, List<FrameColumn> others) {
    return columns.stream()
        .filter(c -> c.isNumber() || others.stream().anyMatch(o -> o.name().equals(c.name())))
        .toList();
  }

  /** Columns that take those of two files: text of one has more characters than of another. */
  private static Optional<List<FrameColumn>> common(List<FrameColumn> a, List<FrameColumn> b) {
    List<FrameColumn> common = new ArrayList<>();
    for (int i = 0; i < a.size() && i < b.size(); i++) {
      boolean grows = a.get(i).type().size() < b.get(i).type().size();
      FrameColumn longer = grows ? b.get(i) : a.get(i);
      FrameColumn other = grows ? a.get(i) : b.get(i);
      boolean fits =
          holds(longer.type(), other.type())
              && longer.name().equals(other.name())
              && longer.frame().equals(other.frame());
      if (!fits) {
        return Optional.empty();
      }
      common.add(longer);
    }
    return a.size() == b.size() ? Optional.of(common) : Optional.empty();
  }

  /** Whether a type is another, or text of more characters. */
  private static boolean holds(ValueType type, ValueType other) {
    return type.equals(other)
        || (type instanceof ValueType.Text longer
            && other instanceof ValueType.Text shorter
            && longer.encoding() == shorter.encoding()
            && longer.size() >= shorter.size());
  }

  private static List<FrameColumn> columns(String path, Map<String, NpyArray> arrays) {
    List<FrameColumn> columns = new ArrayList<>();
    arrays.forEach(
        (name, array) -> {
          if (array.shape().rank() == 0) {
            throw noTable(path, "array '" + name + "' has no dimensions");
          }
          columns.add(new FrameColumn(name, array.type(), array.row(), name));
        });
    return columns;
  }

  private static long rows(String path, Map<String, NpyArray> arrays) {
    if (arrays.values().stream().map(NpyArray::rows).distinct().count() > 1) {
      Map<String, Long> lengths = new LinkedHashMap<>();
      arrays.forEach((name, array) -> lengths.put(name, array.rows()));
      throw noTable(path, "its arrays have different lengths: " + lengths);
    }
    return arrays.values().stream().mapToLong(NpyArray::rows).findFirst().orElse(0);
  }

  private static ArrayException noTable(String path, String problem) {
    return new ArrayException(
        ErrorCode.STRUCTURE_INVALID,
        path,
        problem + ", so they are no columns of one table",
        "Name arrays of equal length with option datasets, or read with mode = entries");
  }

  @Override
  public String description() {
    return "npz " + path;
  }

  @Override
  public Shape scan() {
    return Shape.of(rows);
  }

  @Override
  public List<String> dims() {
    return List.of("scan_0");
  }

  @Override
  public List<FrameColumn> columns() {
    return columns;
  }

  @Override
  public FrameFiles files() {
    return new FrameFiles(ranges, new TreeSet<>(), new TreeSet<>());
  }

  /** The checksum covers a whole array, so tasks that share one would each read all of it. */
  @Override
  public boolean divisible() {
    return !verify;
  }

  @Override
  public FrameOpener opener() {
    boolean checked = verify;
    return (range, wanted) -> NpzCursor.open(range, wanted, checked);
  }

  /** Checks again what was checked when the read was planned: the file may be another now. */
  static NpyArray same(NpzFile file, FrameColumn column, FrameRange range, boolean verify)
      throws IOException {
    NpyArray array = file.array(column.source(), verify);
    if (!holds(column.type(), array.type())
        || array.shape().rank() == 0
        || !array.row().equals(column.frame())
        || array.rows() != range.frames()) {
      throw new ArrayException(
          ErrorCode.STRUCTURE_DIFFERS,
          range.file(),
          "array '" + column.source() + "' is now " + array.descr() + " " + array.shape(),
          "Keep files unchanged while they are read, and run the query again");
    }
    return array;
  }
}
