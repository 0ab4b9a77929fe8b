// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.StagingFolder;
import io.sparkarrays.core.TempFile;
import io.sparkarrays.genericio.GenericIOFile;
import io.sparkarrays.genericio.SplitFiles;
import io.sparkarrays.spark.options.WriteOptions;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.source.TableSink;
import io.sparkarrays.spark.source.WriteRequest;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes a split data set, a part a task: parts get numbers that are free, then the rank map takes
 * its name, which is when readers see the new rows in the place of the old, and then the old parts
 * go.
 */
final class SplitSetSink implements TableSink {

  private final Path map;
  private final boolean replace;
  private final ParticleColumns columns;
  private StagingFolder staging;
  private int tasks;

  SplitSetSink(WriteOptions options, WriteRequest.Mode mode, ParticleColumns columns) {
    this.map = Path.of(options.path());
    this.replace = mode == WriteRequest.Mode.OVERWRITE_ALL;
    this.columns = columns;
    if (Files.exists(map)) {
      if (!replace) {
        throw failed("a file stands there, and a data set is written as a whole", null);
      }
      requireOurs();
    }
  }

  /** Refuses to replace what is no GenericIO file; a damaged one may be. */
  private void requireOurs() {
    try (GenericIOFile standing = GenericIOFile.open(map)) {
      standing.rows();
    } catch (ArrayException e) {
      if (e.code() == ErrorCode.NOT_A_DATA_SET) {
        throw e;
      }
    } catch (IOException e) {
      throw failed("what stands there can't be read: " + e, e);
    }
  }

  @Override
  public String description() {
    return "genericio " + map;
  }

  @Override
  public TableFileWriter.Factory begin(int count) {
    tasks = count;
    try {
      staging = StagingFolder.create(map);
    } catch (IOException e) {
      throw failed("the write can't begin: " + e, e);
    }
    String folder = staging.path().toString();
    ParticleColumns written = columns;
    return part -> new SplitPartWriter(staged(Path.of(folder), part), written, part, count);
  }

  private static Path staged(Path folder, int part) {
    return folder.resolve("part-" + part);
  }

  @Override
  public void commit(List<Serializable> reports) {
    List<Integer> moved = new ArrayList<>();
    boolean published = false;
    try {
      for (int part = 0; part < tasks; part++) {
        if (!Files.exists(staged(staging.path(), part))) {
          throw failed("the file of task " + part + " is gone", null);
        }
      }
      List<Integer> old = List.copyOf(SplitFiles.parts(map));
      int first = SplitFiles.firstFree(map);
      for (int part = 0; part < tasks; part++) {
        Path target = SplitFiles.part(map, first + part);
        Files.move(staged(staging.path(), part), target, StandardCopyOption.ATOMIC_MOVE);
        moved.add(first + part);
      }
      TempFile.sync(map.toAbsolutePath().getParent());
      SplitFiles.writeMap(map, replace, IntStream.range(first, first + tasks).toArray());
      published = true;
      SplitFiles.removeParts(map, old);
      staging.close();
    } catch (FileAlreadyExistsException e) {
      throw failed("a file has appeared there meanwhile", e);
    } catch (IOException e) {
      throw failed(
          published
              ? "the rows are published, but not all old parts could be removed: " + e
              : "the parts could not be published: " + e,
          e);
    } finally {
      if (!published) {
        discard(moved);
      }
    }
  }

  private void discard(List<Integer> moved) {
    try {
      SplitFiles.removeParts(map, moved);
    } catch (IOException e) {
      // No map leads to them, and the next write removes them; the first failure counts.
      return;
    }
  }

  @Override
  public void abort() {
    try {
      if (staging != null) {
        staging.close();
      }
    } catch (IOException e) {
      throw failed("what was written could not be removed: " + e, e);
    }
  }

  private ArrayException failed(String problem, IOException cause) {
    return new ArrayException(
        ErrorCode.COMMIT_FAILED,
        map,
        problem,
        "Use mode overwrite or another path, or check the folder, then write again",
        cause);
  }
}
