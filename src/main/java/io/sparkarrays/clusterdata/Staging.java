// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One host's part in a write job: a hidden data set beside the one that is written, and the steps
 * by which it is published. Each step may be done again after a crash.
 *
 * <pre>
 * stage      .name.job.staging   tasks write whole partitions here
 * prepare    .name.job.commit    the record: what is published where
 * publish    .name.job.old       the staged folder was swapped in, or its partitions were moved;
 *                                as soon as one host got here, the write is decided
 * finish                         the hidden folders are gone
 * </pre>
 *
 * <p>A job that no host has published is undone by {@link #discard}, by way of {@code
 * .name.job.gone}; {@code .name.job.tmp} is a record half-written. Marks {@code .host-<name>} in
 * the staged folder tell which hosts share it.
 */
public final class Staging {
  private static final String STAGING = "staging";
  private static final String OLD = "old";
  private static final String COMMIT = "commit";
  private static final String GONE = "gone";
  private static final String DRAFT = "tmp";
  private static final String MARK = ".host-";

  private final Path base;
  private final String job;

  private Staging(Path base, String job) {
    this.base = base;
    this.job = job;
  }

  /**
   * The part of this host in a job. Where the path is a link, the folder that it leads to is the
   * one that is written, so that data stay on the disk that the user chose.
   *
   * @param base absolute path of the data set that is written
   * @param job an identifier of the write, of letters, digits and dashes
   */
  public static Staging of(Path base, String job) {
    if (!base.isAbsolute() || base.getParent() == null) {
      throw new ArrayException(
          ErrorCode.PATH_NOT_ABSOLUTE,
          base,
          "a data set needs an absolute path with a folder above it",
          "Give a path such as /data/scan");
    }
    return new Staging(Folders.real(base), job);
  }

  private Path sibling(String kind) {
    return base.resolveSibling("." + base.getFileName() + "." + job + "." + kind);
  }

  /**
   * The staged data set as {@link #stage} made it. Makes nothing, so that a task that still runs
   * when its job was given up leaves nothing behind.
   */
  public ClusterDataSet staged(PartitionStructure structure) {
    return ClusterDataSet.of(sibling(STAGING), structure);
  }

  /**
   * The staged data set, made if it is not there; several may ask at once.
   *
   * @param host the host's name, which is left as a mark for {@link #sharers}
   */
  public ClusterDataSet stage(PartitionStructure structure, String host) {
    try {
      Files.createDirectories(base.getParent());
      // What interrupted writes have left is there to be seen, or it comes back some day.
      Folders.requireListable(base.getParent());
      ClusterDataSet staged = ClusterDataSet.create(sibling(STAGING), structure);
      Folders.write(staged.path().resolve(MARK + host), new byte[0]);
      return staged;
    } catch (IOException e) {
      throw DataSetException.io(base, "beginning the write", e);
    }
  }

  /** The hosts that have staged into this very folder: several, if it is on a shared disk. */
  public SortedSet<String> sharers() throws IOException {
    SortedSet<String> hosts = new TreeSet<>();
    if (Files.isDirectory(sibling(STAGING))) {
      try (DirectoryStream<Path> marks = Files.newDirectoryStream(sibling(STAGING), MARK + "*")) {
        marks.forEach(mark -> hosts.add(mark.getFileName().toString().substring(MARK.length())));
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return hosts;
  }

  /**
   * Makes this host ready to publish: what the record says is here whole, all else is gone.
   *
   * @throws ArrayException {@code COMMIT_FAILED} if a partition is not there, {@code
   *     PATH_IS_MOUNT_POINT}
   */
  public void prepare(CommitRecord record, String host, PartitionStructure structure)
      throws IOException {
    refuseMountPoint(record);
    refuseStanding(record, structure);
    ClusterDataSet staged = stage(structure, host);
    for (String sharer : sharers()) {
      Files.deleteIfExists(staged.path().resolve(MARK + sharer));
    }
    Set<Integer> wanted = new HashSet<>(record.of(host));
    for (Partition partition : staged.partitions()) {
      boolean wants = wanted.contains(partition.index());
      if (partition.isPresent() && !wants) {
        // Another host's attempt of the same task was the one that committed.
        partition.delete();
      } else if (wants && partition.foundBytes() != structure.partitionBytes(partition.index())) {
        throw gone(
            partition.path(), "a partition that a task sealed on this host is gone or was changed");
      }
    }
    Folders.removeHidden(staged.path().resolve("parts"));
    Path draft = sibling(DRAFT);
    Folders.write(draft, record.toJson().getBytes(StandardCharsets.UTF_8));
    Files.move(draft, sibling(COMMIT), StandardCopyOption.ATOMIC_MOVE);
    Folders.sync(base.getParent());
  }

  private void refuseStanding(CommitRecord record, PartitionStructure structure) {
    if (!record.swap() && Files.exists(base.resolve(ClusterDataSet.SIDECAR))) {
      // Asked now, because from the first rename on the write can't be undone.
      Folders.requireWritable(ClusterDataSet.create(base, structure).parts());
    }
  }

  private void refuseMountPoint(CommitRecord record) throws IOException {
    if (record.swap() && Folders.isMountPoint(base)) {
      throw new ArrayException(
          ErrorCode.PATH_IS_MOUNT_POINT,
          base,
          "a mounted file system's root can't be replaced by another folder",
          "Write to a folder below it");
    }
  }

  /**
   * Publishes what was prepared; does nothing where that is done.
   *
   * @param again whether this finishes an interrupted write, which may be done with here
   * @throws ArrayException {@code COMMIT_FAILED} if what was prepared is gone
   */
  public void publish(CommitRecord record, String host, boolean again) throws IOException {
    Path staged = sibling(STAGING);
    if (Files.exists(staged)) {
      if (record.swap()) {
        swap(staged);
      } else {
        moveInto(staged, record, host);
      }
      Folders.sync(base.getParent());
    } else if (!again && !isDecided()) {
      throw gone(staged, "what this host had prepared is gone");
    }
  }

  private static ArrayException gone(Path path, String problem) {
    return new ArrayException(
        ErrorCode.COMMIT_FAILED,
        path,
        problem,
        "Make sure that only one job at a time writes the data set, and write again");
  }

  private void swap(Path staged) throws IOException {
    Path old = sibling(OLD);
    if (!Files.exists(old)) {
      if (Files.exists(base)) {
        move(base, old);
      } else {
        Files.createDirectory(old);
      }
      Folders.sync(base.getParent());
    }
    move(staged, base);
  }

  private void moveInto(Path staged, CommitRecord record, String host) throws IOException {
    Path old = sibling(OLD);
    ClusterDataSet source = ClusterDataSet.open(staged);
    refuseStanding(record, source.structure());
    if (!Files.exists(old)) {
      // Before the first change: from then on the write can only be finished, never undone.
      Files.createDirectory(old);
      Folders.sync(base.getParent());
    }
    ClusterDataSet target = ClusterDataSet.create(base, source.structure());
    for (int index : record.of(host)) {
      Path from = source.partition(index).path();
      if (Files.exists(from)) {
        move(from, target.partition(index).path());
      }
      if (target.partition(index).foundBytes() != source.structure().partitionBytes(index)) {
        throw gone(from, "a partition that was prepared here is neither staged nor published");
      }
    }
    for (int index : record.ofOthers(host)) {
      Files.deleteIfExists(target.partition(index).path());
    }
    Folders.sync(base.resolve("parts"));
    move(staged, old.resolve(STAGING));
  }

  private void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new ArrayException(
          ErrorCode.PATH_IS_MOUNT_POINT,
          to,
          "it lies in another file system than " + from,
          "Keep the data set and its partitions in one file system",
          e);
    }
  }

  /** Removes what a published job leaves behind. */
  public void finish() throws IOException {
    FileTree.delete(sibling(OLD));
    FileTree.delete(sibling(COMMIT));
    Folders.sync(base.getParent());
  }

  /**
   * Removes everything of a job that no host has published, or of which only the old data set is
   * left: that one takes its place again if nothing else has.
   */
  public void discard() throws IOException {
    if (isDecided() && Files.exists(sibling(COMMIT))) {
      // Another job has begun to publish it since it was looked at.
      return;
    }
    settleOld();
    FileTree.delete(sibling(COMMIT));
    FileTree.delete(sibling(DRAFT));
    if (!Files.exists(sibling(STAGING), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    // Renamed first: tasks that were told to stop may still write, and find nothing to write to.
    Path gone = sibling(GONE);
    FileTree.delete(gone);
    try {
      Files.move(sibling(STAGING), gone, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return;
    }
    FileTree.delete(gone);
  }

  private void settleOld() throws IOException {
    Path old = sibling(OLD);
    if (Files.exists(old.resolve(ClusterDataSet.SIDECAR)) && !Files.exists(base)) {
      move(old, base);
    } else {
      FileTree.delete(old);
    }
  }

  /** Whether this host has begun to publish, which decides the job. */
  public boolean isDecided() {
    return Files.exists(sibling(OLD));
  }

  /** The job's record, if this host got as far as preparing. */
  public Optional<CommitRecord> record() throws IOException {
    Path path = sibling(COMMIT);
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(CommitRecord.read(path))
        : Optional.empty();
  }
}
