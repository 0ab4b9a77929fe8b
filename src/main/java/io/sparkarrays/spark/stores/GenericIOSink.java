// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.StagingFolder;
import io.sparkarrays.core.TempFile;
import io.sparkarrays.genericio.FileLayout;
import io.sparkarrays.genericio.SplitFiles;
import io.sparkarrays.genericio.Variable;
import io.sparkarrays.genericio.Vector3;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.source.TableSink;
import io.sparkarrays.spark.write.WrittenColumn;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the partitions of a table as the ranks of a GenericIO data set: one file if there is one,
 * else a part each. The file, or the map of the parts, comes last, and takes the place of what was
 * there in one step.
 */
final class GenericIOSink implements TableSink {

  /** What haccytrees' binding of the C++ library takes. */
  private static final Set<ElementType> TYPES =
      EnumSet.of(
          ElementType.FLOAT32,
          ElementType.FLOAT64,
          ElementType.INT32,
          ElementType.INT64,
          ElementType.UINT16);

  /** haccytrees writes the box three times as large as it is. */
  private static final double SCALE = 3;

  private final Path file;
  private final Partition partition;
  private final double boxSize;
  private final List<WrittenColumn> columns;
  private final List<Path> published = new ArrayList<>();
  private StagingFolder staging;
  private int ranks;

  GenericIOSink(Path file, Partition partition, double boxSize, List<WrittenColumn> columns) {
    this.file = file;
    this.partition = partition;
    this.boxSize = boxSize;
    this.columns = columns;
  }

  /**
   * A table's columns, sorted by name as haccytrees has them.
   *
   * @throws ArrayException {@code COLUMN_MISSING}, {@code COLUMN_TYPE}, {@code DTYPE_UNSUPPORTED}
   */
  static List<WrittenColumn> columns(String key, StructType rows) {
    String where = "key '" + key + "'";
    List<WrittenColumn> columns =
        WrittenColumn.all(rows, Optional.empty()).stream()
            .map(column -> checked(where, column))
            .sorted((a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b)))
            .toList();
    if (columns.isEmpty()) {
      throw new ArrayException(
          ErrorCode.COLUMN_MISSING, where, "the table has no columns", "Put some numbers in it");
    }
    return columns;
  }

  private static byte[] bytes(WrittenColumn column) {
    return column.name().getBytes(StandardCharsets.UTF_8);
  }

  private static WrittenColumn checked(String where, WrittenColumn column) {
    if (column.frame().rank() > 0) {
      throw new ArrayException(
          ErrorCode.COLUMN_TYPE,
          where + ", column '" + column.name() + "'",
          "it holds arrays, and the store takes single numbers",
          "Make a column of each element, or use a NumpyStore");
    }
    if (!TYPES.contains(column.dtype().type())) {
      throw new ArrayException(
          ErrorCode.DTYPE_UNSUPPORTED,
          where + ", column '" + column.name() + "'",
          column.dtype() + " is none of float32, float64, int32, int64 and uint16",
          "Cast it to one of these");
    }
    return new WrittenColumn(column.field(), Dtype.of(column.dtype().type()), column.frame());
  }

  @Override
  public String description() {
    return "GenericIO store " + file;
  }

  @Override
  public TableFileWriter.Factory begin(int tasks) {
    Partition.check(partition, file.toString(), tasks);
    ranks = tasks;
    Partition places = partition == null ? new Partition(tasks) : partition;
    List<Variable> variables =
        columns.stream()
            .map(column -> Variable.of(column.name(), column.dtype().type(), 1))
            .toList();
    double size = SCALE * boxSize;
    FileLayout layout =
        new FileLayout(
            variables, places.dims(), Vector3.ZERO, new Vector3(size, size, size), false);
    List<WrittenColumn> written = columns;
    try {
      staging = StagingFolder.create(file);
    } catch (IOException e) {
      throw failed("the write can't begin: " + e, e);
    }
    String folder = staging.path().toString();
    return part ->
        new RankWriter(Path.of(folder, name(part)), layout, written, part, places.place(part));
  }

  private static String name(int part) {
    return "part-" + part;
  }

  @Override
  public void commit(List<Serializable> reports) {
    try {
      SortedSet<Integer> old = SplitFiles.parts(file);
      if (ranks == 1) {
        move(0, file);
        TempFile.sync(file.getParent());
      } else {
        int first = SplitFiles.firstFree(file);
        for (int rank = 0; rank < ranks; rank++) {
          Path part = SplitFiles.part(file, first + rank);
          published.add(part);
          move(rank, part);
        }
        TempFile.sync(file.getParent());
        SplitFiles.writeMap(file, true, IntStream.range(first, first + ranks).toArray());
      }
      published.clear();
      SplitFiles.removeParts(file, old);
      staging.close();
    } catch (IOException e) {
      throw failed("it could not be published: " + e, e);
    }
  }

  private void move(int rank, Path target) throws IOException {
    Files.move(
        staging.path().resolve(name(rank)),
        target,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void abort() {
    try {
      for (Path part : published) {
        Files.deleteIfExists(part);
      }
      if (staging != null) {
        staging.close();
      }
    } catch (IOException e) {
      throw failed("what was written could not be removed: " + e, e);
    }
  }

  private ArrayException failed(String problem, IOException cause) {
    return new ArrayException(
        ErrorCode.COMMIT_FAILED, file, problem, "Check the folder, then put it again", cause);
  }
}
