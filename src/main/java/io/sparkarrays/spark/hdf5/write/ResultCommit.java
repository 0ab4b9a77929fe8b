// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.TempFile;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.spark.source.TableRequest;
import io.sparkarrays.spark.source.WriteRequest.Mode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Publishes what the tasks of a job sealed: moves the parts beside the result, writes the manifest,
 * and then gives the new file the result's name, which is when readers see it. Nothing before that
 * can be seen, and the next write removes what a crash left. The caller holds the lock.
 */
final class ResultCommit {

  private final SparkSession spark;
  private final TableRequest request;
  private final ResultColumns columns;
  private final ResultFiles files;
  private final Path staging;

  ResultCommit(
      SparkSession spark,
      TableRequest request,
      ResultColumns columns,
      ResultFiles files,
      Path staging) {
    this.spark = spark;
    this.request = request;
    this.columns = columns;
    this.files = files;
    this.staging = staging;
  }

  /** Publishes parts, those of an epoch of a stream only once. */
  void parts(List<PartReport> reports, Optional<Long> epoch) throws IOException {
    ResultState state = files.state();
    ResultManifest old = state.current();
    if (epoch.isPresent() && old.has(request.query(), epoch.get())) {
      return;
    }
    if (state.name().isEmpty() && files.exists() && request.mode() == Mode.APPEND) {
      throw new ArrayException(
          ErrorCode.COMMIT_FAILED,
          files.result(),
          "another job has put a file there while this one was running",
          "Nothing of this one was published. Give another path");
    }
    String prefix = epoch.map(e -> String.format("epoch-%06d-", e)).orElse("");
    ResultTables tables = new ResultTables(request, columns, spark, epoch.isPresent());
    boolean replaces = request.mode() == Mode.OVERWRITE_ALL;
    List<ResultManifest.Table> merged =
        tables.merge(replaces ? List.of() : old.tables(), reports, prefix);
    if (merged.isEmpty()) {
      // The first epochs of a stream may have no rows, and then nothing is known of the arrays.
      return;
    }
    ResultManifest manifest = old.with(merged, List.of());
    Set<String> gone = state.hiddenWithout(manifest);
    if (epoch.isEmpty()) {
      gone.addAll(state.shownWithout(manifest));
    } else {
      manifest = manifest.with(request.query(), epoch.get());
    }
    int interval = request.options().result().masterInterval();
    boolean due = epoch.isEmpty() || state.name().isEmpty() || state.commits() + 1 >= interval;
    if (due && epoch.isPresent()) {
      // A reader that has the result before open still reads its parts.
      manifest = manifest.with(merged, List.copyOf(state.shownWithout(manifest)));
      gone.addAll(state.shown().retired());
    }
    publish(manifest, reports, prefix, due ? Optional.empty() : Optional.of(state));
    if (due) {
      state.name().ifPresent(gone::add);
      gone.add(ResultFiles.WAITING);
    }
    files.remove(gone);
  }

  /**
   * Publishes.
   *
   * @param waits what the result is made of, if its file is to show it as it is
   */
  private void publish(
      ResultManifest manifest, List<PartReport> reports, String prefix, Optional<ResultState> waits)
      throws IOException {
    Set<String> sealed =
        reports.stream().map(PartReport::name).collect(Collectors.toCollection(HashSet::new));
    requireSeen(sealed);
    List<String> made = new ArrayList<>();
    boolean published = false;
    try {
      for (String part : sealed) {
        made.add(prefix + part);
        Files.move(
            staging.resolve(part),
            files.parts().resolve(prefix + part),
            StandardCopyOption.ATOMIC_MOVE);
      }
      TempFile.sync(files.parts());
      TempFile.sync(files.parts().toAbsolutePath().getParent());
      if (waits.isPresent()) {
        ResultState state = waits.get();
        String base = state.name().orElseThrow();
        files.write(new ResultState.Waiting(base, state.commits() + 1, manifest));
      } else {
        MasterRenewal.show(files, manifest);
      }
      published = true;
    } finally {
      // It may stand although what came after it failed; without parts nothing is to be removed.
      if (!published && !files.state().parts().containsAll(made)) {
        files.remove(made);
      }
    }
  }

  /** Tasks write where the driver must see it. */
  private void requireSeen(Set<String> names) {
    for (String name : names) {
      if (!Files.exists(staging.resolve(name))) {
        throw new ArrayException(
            ErrorCode.COMMIT_FAILED,
            staging.resolve(name),
            "a task has written this part, but the driver does not see it",
            "Write to a file system that all hosts and the driver share");
      }
    }
  }

  /** Publishes the file of the only task. */
  void single(List<PartReport> reports) throws IOException {
    ResultTables tables = new ResultTables(request, columns, spark, false);
    List<ResultManifest.Table> merged = tables.merge(List.of(), reports, "");
    if (reports.isEmpty()) {
      throw new ArrayException(
          ErrorCode.FRAMES_MISSING,
          files.result(),
          "there is no row, so there is nothing to write",
          "Leave out option single, and give scanShape");
    }
    Set<String> names = reports.stream().map(PartReport::name).collect(Collectors.toSet());
    requireSeen(names);
    Path made = staging.resolve(names.iterator().next());
    try (Hdf5Writer writer = Hdf5Writer.open(made)) {
      for (ResultManifest.Table table : merged) {
        ResultDescription.write(writer, table);
      }
    }
    try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(made, files.result(), StandardCopyOption.ATOMIC_MOVE);
    TempFile.sync(files.result().toAbsolutePath().getParent());
    files.keep(Set.of());
  }
}
