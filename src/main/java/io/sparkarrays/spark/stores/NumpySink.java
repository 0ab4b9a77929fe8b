// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stores;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.StagingFolder;
import io.sparkarrays.core.TempFile;
import io.sparkarrays.spark.npz.ArrayFileWriter;
import io.sparkarrays.spark.source.TableFileWriter;
import io.sparkarrays.spark.source.TableSink;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes the partitions of a table as npz files, one a rank. Rank 0 is what makes a key: it goes
 * first when a key is removed or replaced, and comes last when it is written, so that a key is
 * whole whenever it is there.
 */
final class NumpySink implements TableSink {

  /** The end of the name that all ranks' names begin with. */
  static final String END = ".tmp";

  private static final String RANK = ".rank-";
  private static final String NPZ = ".npz";

  private final Path target;
  private final Partition partition;
  private final ArrayFileWriter.Maker maker;
  private StagingFolder staging;
  private int tasks;
  private boolean publishing;

  /**
   * @param target the ranks' common name
   */
  NumpySink(Path target, Partition partition, ArrayFileWriter.Maker maker) {
    this.target = target;
    this.partition = partition;
    this.maker = maker;
  }

  /** What the name of a rank's file has behind the key. */
  static String end(int rank) {
    return END + RANK + rank + NPZ;
  }

  private static String name(Path target, int rank) {
    return target.getFileName() + RANK + rank + NPZ;
  }

  private static SortedMap<Integer, Path> files(Path target) {
    SortedMap<Integer, Path> files = new TreeMap<>();
    String prefix = target.getFileName() + RANK;
    // Not a glob: the name may hold characters that mean something in one.
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(
            target.getParent(), file -> file.getFileName().toString().startsWith(prefix))) {
      for (Path file : found) {
        String rest = file.getFileName().toString().substring(prefix.length());
        if (rest.matches("(0|[1-9][0-9]{0,8})\\.npz")) {
          files.put(Integer.valueOf(rest.substring(0, rest.length() - NPZ.length())), file);
        }
      }
    } catch (NoSuchFileException e) {
      return files;
    } catch (IOException | DirectoryIteratorException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED, target, "it can't be listed: " + e, "Check the permissions", e);
    }
    return files;
  }

  /**
   * The files of all ranks.
   *
   * @throws ArrayException {@code PART_MISSING} if a rank has none
   */
  static List<Path> ranks(Path target) {
    SortedMap<Integer, Path> files = files(target);
    for (int rank = 0; rank < files.size(); rank++) {
      if (!files.containsKey(rank)) {
        throw new ArrayException(
            ErrorCode.PART_MISSING,
            target.resolveSibling(name(target, rank)),
            "rank " + files.lastKey() + " is there and this one is not",
            "Bring the files of all ranks together, or put the key again");
      }
    }
    return List.copyOf(files.values());
  }

  /** Removes the files of all ranks. */
  static void remove(Path target) throws IOException {
    List<Path> files = new ArrayList<>(files(target).values());
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public String description() {
    return "numpy store " + target;
  }

  @Override
  public TableFileWriter.Factory begin(int count) {
    Partition.check(partition, target.toString(), count);
    tasks = count;
    try {
      staging = StagingFolder.create(target);
    } catch (IOException e) {
      throw failed("the write can't begin: " + e, e);
    }
    String folder = staging.path().toString();
    ArrayFileWriter.Maker made = maker;
    return part -> made.open(Path.of(folder, staged(part)));
  }

  private static String staged(int rank) {
    return "rank-" + rank;
  }

  @Override
  public void commit(List<Serializable> reports) {
    try {
      for (int rank = 0; rank < tasks; rank++) {
        if (!Files.exists(staging.path().resolve(staged(rank)))) {
          throw failed("the file of rank " + rank + " is gone", null);
        }
      }
      publishing = true;
      remove(target);
      for (int rank = tasks - 1; rank >= 0; rank--) {
        Files.move(
            staging.path().resolve(staged(rank)),
            target.resolveSibling(name(target, rank)),
            StandardCopyOption.ATOMIC_MOVE);
      }
      publishing = false;
      TempFile.sync(target.getParent());
      staging.close();
    } catch (IOException e) {
      throw failed("it could not be published: " + e, e);
    }
  }

  @Override
  public void abort() {
    try {
      if (publishing) {
        remove(target);
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
        ErrorCode.COMMIT_FAILED, target, problem, "Check the folder, then put it again", cause);
  }
}
