// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5.write;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.StagingFolder;
import io.sparkarrays.core.TempFile;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.hdf5.filter.Compression;
import io.sparkarrays.spark.hdf5.write.ResultManifest.Array;
import io.sparkarrays.spark.hdf5.write.ResultManifest.Part;
import io.sparkarrays.spark.hdf5.write.ResultManifest.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Folds the small parts that a stream's epochs left into larger ones, in the order of frames, while
 * the stream may go on. Readers that have the result open still find the old parts, which the next
 * fold or write removes.
 */
public final class ResultCompaction {

  /** Bytes of frames that are read at once. */
  private static final long BLOCK = 8 << 20;

  private final ResultFiles files;
  private final long least;
  private final Duration timeout;

  private ResultCompaction(ResultFiles files, long least, Duration timeout) {
    this.files = files;
    this.least = least;
    this.timeout = timeout;
  }

  /**
   * What was done.
   *
   * @param folded how many parts are no longer used
   * @param made how many there are in their place
   */
  public record Outcome(int folded, int made) {}

  /**
   * Folds.
   *
   * @param result a result that was written in parts
   * @param least parts of fewer stored bytes are folded, into parts of about as many
   * @param timeout how long to wait for a job that changes the result
   * @throws ArrayException {@code PATH_NOT_FOUND}, {@code OPERATION_UNSUPPORTED}, {@code
   *     COMMIT_FAILED}, {@code HDF5_LIBRARY_MISSING}
   */
  public static Outcome run(Path result, long least, Duration timeout) throws IOException {
    ResultFiles files = new ResultFiles(result);
    if (!files.exists()) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_FOUND, result, "nothing is there", "Check the path");
    }
    return new ResultCompaction(files, least, timeout).run();
  }

  private String manifestName() throws IOException {
    return files
        .manifestName()
        .orElseThrow(
            () ->
                new ArrayException(
                    ErrorCode.OPERATION_UNSUPPORTED,
                    files.result(),
                    "it was not written in parts",
                    "Give the path of a result of format hdf5"));
  }

  private Outcome run() throws IOException {
    CommitLock.during(
        files.parts(),
        timeout,
        () -> {
          files.sweep(true);
          MasterRenewal.catchUp(files);
        });
    try (StagingFolder staging = StagingFolder.create(files.result())) {
      ResultManifest before = files.manifest(manifestName());
      List<Table> folded = new ArrayList<>();
      try (Hdf5File file = Hdf5File.open(files.result())) {
        for (Table table : before.tables()) {
          folded.add(fold(table, file, staging.path()));
        }
      }
      Set<String> gone = new HashSet<>(before.parts());
      Set<String> made = new HashSet<>(before.with(folded, List.of()).parts());
      made.removeAll(gone);
      if (made.isEmpty()) {
        return new Outcome(0, 0);
      }
      publish(before, folded, made, staging.path());
      gone.removeAll(before.with(folded, List.of()).parts());
      return new Outcome(gone.size(), made.size());
    }
  }

  /** Puts the new parts in the place of the old in what the result is by now. */
  private void publish(ResultManifest before, List<Table> folded, Set<String> made, Path staging)
      throws IOException {
    CommitLock.during(files.parts(), timeout, () -> replace(before, folded, made, staging));
  }

  private void replace(ResultManifest before, List<Table> folded, Set<String> made, Path staging)
      throws IOException {
    String oldName = manifestName();
    ResultState state = files.state();
    ResultManifest now = state.current();
    List<Table> tables = new ArrayList<>(now.tables());
    for (int i = 0; i < folded.size(); i++) {
      Table old = before.tables().get(i);
      Set<String> names = names(old.parts());
      if (i >= tables.size()
          || !tables.get(i).paths().equals(old.paths())
          || !names(tables.get(i).parts()).containsAll(names)) {
        throw new ArrayException(
            ErrorCode.COMMIT_FAILED,
            files.result(),
            "it was replaced while its parts were folded",
            "Nothing was changed. Fold the new result, if it needs it");
      }
      List<Part> parts = new ArrayList<>(tables.get(i).parts());
      parts.removeIf(part -> names.contains(part.name()));
      parts.addAll(folded.get(i).parts());
      tables.set(i, tables.get(i).with(tables.get(i).arrays(), parts));
    }
    ResultManifest after = now.with(tables, List.of());
    after = now.with(tables, List.copyOf(state.shownWithout(after)));
    for (String part : made) {
      Files.move(
          staging.resolve(part), files.parts().resolve(part), StandardCopyOption.ATOMIC_MOVE);
    }
    TempFile.sync(files.parts());
    MasterRenewal.show(files, after);
    Set<String> gone = new HashSet<>(state.shown().retired());
    gone.add(oldName);
    gone.add(ResultFiles.WAITING);
    files.remove(gone);
  }

  private static Set<String> names(List<Part> parts) {
    return parts.stream().map(Part::name).collect(Collectors.toSet());
  }

  /** Frames of a table that are at one place. */
  private record Run(long frame, long count) {}

  private Table fold(Table table, Hdf5File file, Path staging) throws IOException {
    List<Part> kept = new ArrayList<>();
    List<Run> runs = new ArrayList<>();
    int small = 0;
    for (Part part : table.parts()) {
      if (Files.size(files.parts().resolve(part.name())) < least) {
        part.frames().forEach((frame, row, count) -> runs.add(new Run(frame, count)));
        small++;
      } else {
        kept.add(part);
      }
    }
    if (small < 2) {
      return table;
    }
    runs.sort(Comparator.comparingLong(Run::frame));
    kept.addAll(new Fold(table, file, staging).parts(runs));
    return table.with(table.arrays(), kept);
  }

  /** The new parts of one table. */
  private final class Fold {
    private final Table table;
    private final Hdf5File file;
    private final Path staging;
    private final long frameBytes;

    Fold(Table table, Hdf5File file, Path staging) {
      this.table = table;
      this.file = file;
      this.staging = staging;
      long bytes = 0;
      for (Array array : table.arrays()) {
        bytes += Shape.of(array.frame()).size() * TypeNames.parse(array.type()).size();
      }
      this.frameBytes = Math.max(1, bytes);
    }

    List<Part> parts(List<Run> runs) throws IOException {
      long most = Math.max(1, least / frameBytes);
      List<Part> parts = new ArrayList<>();
      FrameRuns part = new FrameRuns();
      long rows = 0;
      for (Run run : runs) {
        for (long done = 0; done < run.count(); ) {
          long count = Math.min(run.count() - done, most - rows);
          part.add(run.frame() + done, rows, count);
          rows += count;
          done += count;
          if (rows == most) {
            parts.add(write(part, rows));
            part = new FrameRuns();
            rows = 0;
          }
        }
      }
      if (rows > 0) {
        parts.add(write(part, rows));
      }
      return parts;
    }

    private Part write(FrameRuns runs, long rows) throws IOException {
      String name = "folded-" + UUID.randomUUID() + ".h5";
      Path path = staging.resolve(name);
      try (Hdf5Writer writer = Hdf5Writer.create(path)) {
        for (Array array : table.arrays()) {
          copy(array, runs, writer);
        }
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      return new Part(name, rows, runs.numbers());
    }

    private void copy(Array array, FrameRuns runs, Hdf5Writer writer) throws IOException {
      Shape frame = Shape.of(array.frame());
      ValueType type = TypeNames.parse(array.type());
      ArrayPlan plan =
          new ArrayPlan(
              Shape.of(array.chunks()), Compression.parse(array.compression()), array.fill());
      ChunkedArray out = new ChunkedArray(writer, array.path(), type, Shape.of(), frame, plan);
      Dataset in = file.dataset(array.path());
      Shape scan = in.shape().slice(0, in.shape().rank() - frame.rank());
      int bytes = Math.toIntExact(frame.size() * type.size());
      long block = Math.max(1, BLOCK / Math.max(1, bytes));
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(block * bytes));
      long[] numbers = runs.numbers();
      for (int i = 0; i < numbers.length; i += 3) {
        for (long done = 0; done < numbers[i + 2]; done += block) {
          long from = numbers[i] + done;
          long to = Math.min(numbers[i] + numbers[i + 2], from + block);
          content.clear();
          List<Hyperslab> slabs = new ArrayList<>();
          RunBoxes.forEach(
              scan,
              from,
              to,
              (start, count, first, frames) -> slabs.add(ResultMaster.whole(start, count, frame)));
          for (Hyperslab slab : slabs) {
            int room = Math.toIntExact(slab.shape().size() * type.size());
            in.read(slab, content.slice(content.position(), room));
            content.position(content.position() + room);
          }
          content.flip();
          for (long row = 0; row < to - from; row++) {
            out.put(
                numbers[i + 1] + done + row, content.slice(Math.toIntExact(row * bytes), bytes));
          }
        }
      }
      out.finish();
    }
  }
}
