// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.spark.hosts.Hosts;
import io.sparkarrays.spark.options.ArrayMode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.ArrayFormat;
import io.sparkarrays.spark.source.Finding;
import io.sparkarrays.spark.source.FrameSource;
import io.sparkarrays.spark.source.StoredFile;
import io.sparkarrays.spark.source.StoredFiles;
import io.sparkarrays.spark.source.TableRequest;
import io.sparkarrays.spark.source.TableSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;

/**
 * numpy's npz files, one a rank: as a table with a row an array (option {@code mode = entries}), or
 * of the arrays' rows ({@code mode = columns}). Files are where every host sees them.
 */
public final class NpzFormat implements ArrayFormat {

  /** Made by {@link java.util.ServiceLoader}. */
  public NpzFormat() {}

  @Override
  public String name() {
    return "npz";
  }

  @Override
  public boolean exists(SparkSession spark, WriteOptions options) {
    return !NpzFiles.find(options.path()).isEmpty();
  }

  /** Files are made of any rows, so a write needs no options to begin anew. */
  @Override
  public boolean creates(Map<String, String> options) {
    return true;
  }

  @Override
  public Optional<Table> table(Map<String, String> options) {
    return ReadOptions.of(options).mode() == ArrayMode.ENTRIES
        ? Optional.of(new EntriesTable(this, options))
        : Optional.empty();
  }

  @Override
  public FrameSource open(SparkSession spark, ReadOptions options) {
    return NpzFrameSource.open(options);
  }

  @Override
  public StoredFiles stored(SparkSession spark, ReadOptions options) {
    List<StoredFile> files = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (RankFile file : NpzFiles.require(options.path())) {
      TreeMap<String, Long> copies = new TreeMap<>();
      try {
        copies.put(Hosts.here(), Files.size(Path.of(file.file())));
      } catch (IOException e) {
        findings.add(new Finding(Finding.Kind.UNREADABLE, file.file(), Hosts.here(), e.toString()));
      }
      files.add(
          new StoredFile(
              file.file(),
              file.rank() < 0 ? "arrays" : "arrays of rank " + file.rank(),
              StoredFile.ANY_SIZE,
              copies));
    }
    return new StoredFiles("/", files, findings, new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
  }

  @Override
  public Optional<TableSink> writeTable(SparkSession spark, TableRequest request) {
    return Optional.of(
        new NpzFolderSink(
            request.options().path(),
            request.mode(),
            ArrayFileWriter.factory(request.rows(), request.options())));
  }
}
