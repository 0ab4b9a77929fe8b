// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownFilters;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.types.StructType;

/**
 * Collects which columns of the {@code entries} view, and which arrays, are read. Arrays that a
 * predicate on their name or rank leaves out are not read at all; Spark checks it again.
 */
final class EntriesScanBuilder implements SupportsPushDownRequiredColumns, SupportsPushDownFilters {

  /** What opening one more file is worth in bytes read. */
  private static final long OPEN_BYTES = 128L << 10;

  private final String description;
  private final List<RankFile> files;
  private final long bytesPerTask;
  private final boolean verify;
  private final List<Filter> pushed = new ArrayList<>();
  private StructType columns;
  private Optional<Set<String>> names;
  private Optional<Set<Object>> ranks = Optional.empty();

  /**
   * @param columns all columns of the view
   * @param names the arrays that the user wants; all if empty
   * @param bytesPerTask about how much a task reads; with 0 each file has a task of its own
   * @param verify whether values are checked against their CRC
   */
  EntriesScanBuilder(
      String description,
      List<RankFile> files,
      StructType columns,
      Optional<List<String>> names,
      long bytesPerTask,
      boolean verify) {
    this.description = description;
    this.files = files;
    this.columns = columns;
    this.names = names.map(HashSet::new);
    this.bytesPerTask = bytesPerTask;
    this.verify = verify;
  }

  @Override
  public void pruneColumns(StructType required) {
    columns = required;
  }

  @Override
  public Filter[] pushFilters(Filter[] filters) {
    for (Filter filter : filters) {
      if (filter instanceof EqualTo equal) {
        restrict(filter, equal.attribute(), equal.value());
      } else if (filter instanceof In in) {
        restrict(filter, in.attribute(), in.values());
      }
    }
    return filters;
  }

  private void restrict(Filter filter, String column, Object... values) {
    Set<Object> wanted = new HashSet<>(java.util.Arrays.asList(values));
    if (column.equals(EntriesTable.NAME)) {
      Set<String> texts = new HashSet<>();
      wanted.forEach(value -> texts.add(String.valueOf(value)));
      names.ifPresent(texts::retainAll);
      names = Optional.of(texts);
      pushed.add(filter);
    } else if (column.equals(EntriesTable.RANK)) {
      ranks.ifPresent(wanted::retainAll);
      ranks = Optional.of(wanted);
      pushed.add(filter);
    }
  }

  @Override
  public Filter[] pushedFilters() {
    return pushed.toArray(Filter[]::new);
  }

  @Override
  public Scan build() {
    List<List<RankFile>> tasks = new ArrayList<>();
    List<RankFile> task = new ArrayList<>();
    long bytes = 0;
    for (RankFile file : files) {
      if (ranks.isPresent() && !ranks.get().contains(file.rank())) {
        continue;
      }
      long more = size(file) + OPEN_BYTES;
      if (!task.isEmpty() && bytes + more > bytesPerTask) {
        tasks.add(task);
        task = new ArrayList<>();
        bytes = 0;
      }
      task.add(file);
      bytes += more;
    }
    if (!task.isEmpty()) {
      tasks.add(task);
    }
    return new EntriesScan(description, columns, tasks, names.map(Set::copyOf), verify);
  }

  private static long size(RankFile file) {
    try {
      return Files.size(Path.of(file.file()));
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED, file.file(), "it went away: " + e, "Run the query again", e);
    }
  }
}
