// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.genericio.SplitFiles;
import io.sparkarrays.spark.source.TableSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Tables of numbers by key, in memory or in GenericIO files {@code <temporaryPath>_<key>.tmp.gio},
 * which haccytrees' store of this name reads and writes too.
 */
public final class GenericIOStore extends TableStore {

  private static final String SUFFIX = ".tmp.gio";

  /** Rank i is read by task i. The others are defaults, whatever the session's are. */
  private static final Map<String, String> READING =
      Map.of(
          "splits", "files",
          "unsigned", "widen",
          "frames", "array",
          "region", "",
          "metadataColumns", "",
          "rankMargin", "");

  private final double boxSize;

  /**
   * A store.
   *
   * @param partition the ranks that all tables have; null for each its own
   * @param boxSize the physical size of the volume, which files tell
   * @param temporaryPath what files' names begin with; null to hold tables in memory
   */
  public GenericIOStore(
      SparkSession spark, Partition partition, double boxSize, String temporaryPath) {
    super(spark, partition, temporaryPath, SUFFIX);
    this.boxSize = boxSize;
  }

  /** The physical size of the volume. */
  public double boxSize() {
    return boxSize;
  }

  /**
   * Some columns of a table.
   *
   * @throws java.util.NoSuchElementException if there is no such key
   * @throws ArrayException {@code COLUMN_UNKNOWN}, {@code COLUMN_NAME} if one is named twice
   */
  public Dataset<Row> getField(Object key, String... fields) {
    Dataset<Row> table = get(key);
    List<String> columns = Arrays.asList(table.columns());
    Set<String> seen = new HashSet<>();
    for (String field : fields) {
      if (!columns.contains(field)) {
        throw new ArrayException(
            ErrorCode.COLUMN_UNKNOWN,
            "key '" + key + "'",
            "there is no column '" + field + "'",
            "Its columns are " + columns);
      }
      if (!seen.add(field)) {
        throw new ArrayException(
            ErrorCode.COLUMN_NAME,
            "key '" + key + "'",
            "column '" + field + "' is named twice",
            "Name each column once");
      }
    }
    return table.select(
        Arrays.stream(fields)
            .map(field -> functions.col("`" + field.replace("`", "``") + "`"))
            .toArray(Column[]::new));
  }

  @Override
  TableSink sink(String key, Dataset<Row> table) {
    return new GenericIOSink(
        files().of(key), partition(), boxSize, GenericIOSink.columns(key, table.schema()));
  }

  @Override
  int ranks(String key) {
    try (GenericIOFile file = GenericIOFile.open(files().of(key))) {
      return file.ranks().size();
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED, key, "it can't be read: " + e, "Check its permissions", e);
    }
  }

  @Override
  Dataset<Row> read(String key) {
    return spark()
        .read()
        .format("genericio")
        .options(READING)
        .option("path", files().of(key).toString())
        .load();
  }

  /** The file goes first: without it the parts are no key. */
  @Override
  void delete(String key) throws IOException {
    Path file = files().of(key);
    SortedSet<Integer> parts = SplitFiles.parts(file);
    Files.delete(file);
    SplitFiles.removeParts(file, parts);
  }
}
