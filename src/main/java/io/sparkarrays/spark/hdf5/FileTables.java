// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.options.RecordForm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What many files hold, of which the first is known: several are opened at a time. */
final class FileTables {

  /** Opening is waiting, where files are on other machines. */
  private static final int AT_ONCE = 32;

  /** Files that a thread opens before it takes others. */
  private static final int RUN = 64;

  private final List<DatasetName> names;
  private final FileTable first;
  private final FileAccess access;
  private final RecordForm records;

  FileTables(List<DatasetName> names, FileTable first, FileAccess access, RecordForm records) {
    this.names = names;
    this.first = first;
    this.access = access;
    this.records = records;
  }

  /**
   * The tables of files, the first of which is the known one.
   *
   * @throws ArrayException {@code PARTS_DIFFER} if a file has other columns; else as for one file
   */
  List<FileTable> of(List<String> files) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            AT_ONCE,
            task -> {
              Thread thread = new Thread(task, "hdf5-headers");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Callable<List<FileTable>>> runs = new ArrayList<>();
      for (int from = 1; from < files.size(); from += RUN) {
        List<String> run = files.subList(from, Math.min(files.size(), from + RUN));
        runs.add(() -> run.stream().map(this::of).toList());
      }
      List<FileTable> tables = new ArrayList<>(files.size());
      tables.add(first);
      for (Future<List<FileTable>> run : threads.invokeAll(runs)) {
        tables.addAll(run.get());
      }
      return tables;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ArrayException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private FileTable of(String path) {
    try (KeptFiles.Use file = KeptFiles.open(path, access)) {
      FileTable table = FileTable.of(file, names, OptionalInt.of(first.scan().rank()), records);
      if (!table.columns().equals(first.columns())) {
        throw new ArrayException(
            ErrorCode.PARTS_DIFFER,
            path,
            "its columns are " + table.columns() + ", those of the first file " + first.columns(),
            "Read the files apart, or name data sets that are alike with option datasets");
      }
      // One list for all files: there may be many.
      return new FileTable(
          table.scan(), first.columns(), table.unit(), table.chunked(), table.plans());
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED, path, "it can't be read: " + e, "Check its permissions", e);
    }
  }
}
