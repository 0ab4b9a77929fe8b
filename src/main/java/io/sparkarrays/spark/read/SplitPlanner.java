// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameGroup;
import io.sparkarrays.spark.source.FrameRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Cuts the wanted frames of each file into splits, and packs small splits of the same hosts into
 * one task. As Spark's file sources do it, a task gets at most {@code maxPartitionBytes}, and less
 * when there would be fewer tasks than cores. With a {@link PartitionKey} files don't share a task.
 */
final class SplitPlanner {

  /** No task is made smaller than this only to keep more cores busy. */
  static final long LEAST_BYTES = 4L << 20;

  /** What opening one more file is worth in bytes read, so that a task doesn't open thousands. */
  private static final long OPEN_BYTES = 128L << 10;

  /**
   * Splits of frames that are filled in; at the default size of a task 8 TiB. The driver keeps each
   * split in memory.
   */
  private static final long MOST_FILLED = 1L << 16;

  private final long maxPartitionBytes;
  private final int parallelism;
  private final Optional<PartitionKey> key;
  private final boolean divisible;
  private final Function<FrameRange, List<FrameGroup>> groups;

  /** Plans ranges that can be cut; as the longer constructor. */
  SplitPlanner(long maxPartitionBytes, int parallelism, Optional<PartitionKey> key) {
    this(maxPartitionBytes, parallelism, key, true);
  }

  /** Plans ranges of one group each; as the longer constructor. */
  SplitPlanner(
      long maxPartitionBytes, int parallelism, Optional<PartitionKey> key, boolean divisible) {
    this(maxPartitionBytes, parallelism, key, divisible, range -> List.of(FrameGroup.of(range)));
  }

  /**
   * @param maxPartitionBytes most stored bytes a task, a frame at least
   * @param parallelism how many tasks run at once
   * @param divisible whether tasks may share a range
   * @param key what keeps the splits of files apart, if anything does
   * @param groups of frames of a range that are best read together
   */
  SplitPlanner(
      long maxPartitionBytes,
      int parallelism,
      Optional<PartitionKey> key,
      boolean divisible,
      Function<FrameRange, List<FrameGroup>> groups) {
    this.maxPartitionBytes = maxPartitionBytes;
    this.parallelism = parallelism;
    this.key = key;
    this.divisible = divisible;
    this.groups = groups;
  }

  /**
   * Plans the tasks of a read, in order of their first frame.
   *
   * @param bytesPerFrame stored bytes to read for a frame; 0 if only indexes are wanted
   * @param rowBytes bytes of a row's values
   * @throws ArrayException {@code OPTION_INVALID} if too many were of missing frames
   */
  List<ArrayInputPartition> plan(FrameSelection selection, long bytesPerFrame, long rowBytes) {
    // Rows cost something even if no byte is read for them.
    long weight = Math.max(bytesPerFrame, Long.BYTES);
    List<FrameSplit> files = wanted(selection);
    // With what opening costs, or many small files would make many small tasks.
    double total =
        (double) selection.frames().count() * weight + (double) files.size() * OPEN_BYTES;
    long fairShare = (long) Math.max(LEAST_BYTES, total / Math.max(1, parallelism));
    long target = Math.min(maxPartitionBytes, fairShare);
    long framesPerSplit = Math.max(1, target / weight);
    refuseEndless(selection, framesPerSplit);

    long most = maxPartitionBytes / weight;
    List<Pack> packs = new ArrayList<>();
    Map<List<String>, Pack> open = new LinkedHashMap<>();
    for (FrameSplit file : files) {
      FrameRange range = file.range();
      if (key.isPresent()) {
        open.clear();
      }
      for (FrameGroup group : range.present() ? groups.apply(range) : whole(range)) {
        FrameRange here = range.of(group);
        FrameIntervals frames = wanted(file.frames(), group.frames());
        for (FrameIntervals piece : cut(group, frames, framesPerSplit, most)) {
          long bytes = piece.count() * weight + OPEN_BYTES;
          Pack pack = open.get(group.hosts());
          if (pack == null || pack.bytes + bytes > target) {
            pack = new Pack(group.hosts());
            packs.add(pack);
            open.put(group.hosts(), pack);
          }
          pack.splits.add(new FrameSplit(here, piece));
          pack.bytes += bytes;
        }
      }
    }
    packs.sort(Comparator.comparingLong(pack -> pack.splits.get(0).frames().from(0)));
    return packs.stream().map(pack -> partition(pack, rowBytes)).toList();
  }

  private static List<FrameGroup> whole(FrameRange range) {
    return List.of(FrameGroup.of(range));
  }

  /** Frames in both sets, of which the first may be large and the second is mostly an interval. */
  private static FrameIntervals wanted(FrameIntervals frames, FrameIntervals group) {
    return group.size() == 1 ? frames.within(group.from(0), group.to(0)) : frames.intersect(group);
  }

  /** At the borders of units, unless one alone is more than a task may read. */
  private List<FrameIntervals> cut(
      FrameGroup group, FrameIntervals frames, long framesPerSplit, long most) {
    if (frames.isEmpty()) {
      return List.of();
    }
    if (!divisible) {
      return List.of(frames);
    }
    long unit = group.unit() <= most ? group.unit() : 1;
    return group.frames().size() == 1
        ? frames.cut(framesPerSplit, group.frames().from(0), unit)
        : frames.cut(Math.max(unit, framesPerSplit / unit * unit));
  }

  /** Plans a task for each file, in their order, also for those of which nothing is wanted. */
  static List<ArrayInputPartition> eachFile(FrameSelection selection, long rowBytes) {
    List<ArrayInputPartition> tasks = new ArrayList<>();
    for (FrameRange range : selection.ranges()) {
      FrameIntervals frames = selection.frames().within(range.from(), range.to());
      List<FrameSplit> splits =
          frames.isEmpty() ? List.of() : List.of(new FrameSplit(range, frames));
      tasks.add(new ArrayInputPartition(splits, range.hosts().toArray(String[]::new), rowBytes));
    }
    return tasks;
  }

  private ArrayInputPartition partition(Pack pack, long rowBytes) {
    String[] hosts = pack.hosts.toArray(String[]::new);
    return key.isPresent()
        ? new KeyedInputPartition(pack.splits, hosts, rowBytes, key.get())
        : new ArrayInputPartition(pack.splits, hosts, rowBytes);
  }

  /** Frames that are filled in need no file, so a wrong sidecar can claim any number of them. */
  private static void refuseEndless(FrameSelection selection, long framesPerSplit) {
    long splits = 0;
    for (FrameRange range : selection.ranges()) {
      if (!range.present()) {
        splits += selection.frames().within(range.from(), range.to()).count() / framesPerSplit;
        if (splits > MOST_FILLED) {
          throw new ArrayException(
              ErrorCode.OPTION_INVALID,
              range.file(),
              "filling the missing frames up to "
                  + range.to()
                  + " takes more than "
                  + MOST_FILLED
                  + " splits of "
                  + framesPerSplit
                  + (framesPerSplit == 1 ? " frame" : " frames"),
              "Select fewer frames, or raise option maxPartitionBytes, if the data set is as large"
                  + " as it says");
        }
      }
    }
  }

  /** What is wanted of each file, for files of which anything is. */
  private static List<FrameSplit> wanted(FrameSelection selection) {
    List<FrameSplit> files = new ArrayList<>();
    for (FrameRange range : selection.ranges()) {
      FrameIntervals frames = selection.frames().within(range.from(), range.to());
      if (!frames.isEmpty()) {
        files.add(new FrameSplit(range, frames));
      }
    }
    return files;
  }

  /** Splits that one task reads. */
  private static final class Pack {
    private final List<String> hosts;
    private final List<FrameSplit> splits = new ArrayList<>();
    private long bytes;

    Pack(List<String> hosts) {
      this.hosts = hosts;
    }
  }
}
