// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.StagingFolder;
import io.sparkarrays.core.TempFile;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.source.TableSink;
import io.sparkarrays.spark.source.WriteRequest;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes a folder of npz files, one a task: {@code rank-0.npz}, {@code rank-1.npz}, … The folder
 * appears whole, in one step.
 */
final class NpzFolderSink implements TableSink {

  private final Path folder;
  private final WriteRequest.Mode mode;
  private final ArrayFileWriter.Maker maker;
  private StagingFolder staging;
  private int tasks;

  NpzFolderSink(String path, WriteRequest.Mode mode, ArrayFileWriter.Maker maker) {
    this.folder = Path.of(path);
    this.mode = mode;
    this.maker = maker;
    if (isThere() && mode != WriteRequest.Mode.OVERWRITE_ALL) {
      throw new ArrayException(
          ErrorCode.COMMIT_FAILED,
          path,
          "files stand there, and an npz folder is written as a whole",
          "Use mode overwrite, or another path");
    }
    if (Files.exists(folder) && !isOurs()) {
      throw new ArrayException(
          ErrorCode.NOT_A_DATA_SET,
          path,
          "what stands there is no folder of npz files only",
          "Give another path, or remove it yourself");
    }
  }

  private boolean isThere() {
    try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.of()) {
      return files.findAny().isPresent() || Files.isRegularFile(folder);
    } catch (IOException e) {
      throw failed("it can't be listed: " + e, e);
    }
  }

  /** Whether nothing is lost with the folder but npz files. */
  private boolean isOurs() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.allMatch(
          file -> file.getFileName().toString().endsWith(".npz") && Files.isRegularFile(file));
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String description() {
    return "npz " + folder;
  }

  @Override
  public TableFileWriter.Factory begin(int count) {
    tasks = count;
    try {
      staging = StagingFolder.create(folder);
      Path out = Files.createDirectory(out());
      String files = out.toString();
      ArrayFileWriter.Maker made = maker;
      return part -> made.open(Path.of(files, "rank-" + part + ".npz"));
    } catch (IOException e) {
      throw failed("the write can't begin: " + e, e);
    }
  }

  private Path out() {
    return staging.path().resolve("new");
  }

  @Override
  public void commit(List<Serializable> reports) {
    try {
      for (int part = 0; part < tasks; part++) {
        if (!Files.exists(out().resolve("rank-" + part + ".npz"))) {
          throw failed("the file of task " + part + " is gone", null);
        }
      }
      if (Files.exists(folder)) {
        if (isThere() && mode != WriteRequest.Mode.OVERWRITE_ALL) {
          throw failed("files have appeared there meanwhile", null);
        }
        Files.move(folder, staging.path().resolve("old"), StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(out(), folder, StandardCopyOption.ATOMIC_MOVE);
      TempFile.sync(folder.toAbsolutePath().getParent());
      staging.close();
    } catch (IOException e) {
      throw failed("the files could not be published: " + e, e);
    }
  }

  @Override
  public void abort() {
    try {
      Path old = staging == null ? null : staging.path().resolve("old");
      if (old != null && Files.exists(old) && !Files.exists(folder)) {
        Files.move(old, folder, StandardCopyOption.ATOMIC_MOVE);
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
        ErrorCode.COMMIT_FAILED, folder, problem, "Check the folder, then write again", cause);
  }
}
