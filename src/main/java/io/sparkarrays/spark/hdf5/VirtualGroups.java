// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.hdf5.virtual.SourcePart;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The frames of a virtual data set by the files that hold them. Files that follow each other along
 * the scan are a group each. Files that each hold a part of every frame are groups of frames
 * together, as long as they are the same. Of files whose frames are interleaved, each is a group if
 * that opens so many fewer files that it pays.
 */
final class VirtualGroups {

  /** What opening a file costs, as bytes that could have been read meanwhile. */
  private static final long OPEN_BYTES = 1L << 20;

  private static final long LEAST_SPLIT = 4L << 20;

  /** More stretches of frames than these are not looked at. */
  private static final int MOST_STRETCHES = 1 << 20;

  /**
   * Frames that the same files hold.
   *
   * @param frames the frames
   * @param bytes what they take from each file
   */
  record Group(FrameIntervals frames, Map<String, Long> bytes) {}

  private final long frames;
  private final double frameBytes;
  private final Map<String, FrameIntervals> files = new LinkedHashMap<>();
  private final Map<String, Long> bytes = new HashMap<>();
  private List<Group> groups;
  private boolean interleaved;

  private VirtualGroups(VirtualPlan plan, int scanRank) {
    this.frames = plan.frames(scanRank);
    this.frameBytes = (double) plan.shape().size() * plan.datatype().size() / Math.max(1, frames);
    Map<String, List<FrameIntervals>> stretches = new LinkedHashMap<>();
    int count = 0;
    for (SourcePart part : plan.parts()) {
      FrameIntervals held = plan.framesOf(part, scanRank);
      count += held.size();
      if (count > MOST_STRETCHES) {
        stretches.clear();
        break;
      }
      stretches.computeIfAbsent(part.file(), f -> new ArrayList<>()).add(held);
      bytes.merge(part.file(), part.size() * plan.datatype().size(), Long::sum);
    }
    stretches.forEach((file, held) -> files.put(file, union(held)));
  }

  /**
   * Groups the frames of a plan.
   *
   * @param splitBytes most bytes of a task
   * @param parallelism how many tasks run at once
   * @param apart whether files are on different hosts, so that each is best read by itself
   * @param exact whether all frames of a group must be of the same files, whatever it costs
   */
  static VirtualGroups of(
      VirtualPlan plan,
      int scanRank,
      long splitBytes,
      int parallelism,
      boolean apart,
      boolean exact) {
    VirtualGroups all = new VirtualGroups(plan, scanRank);
    long held = all.files.values().stream().mapToLong(FrameIntervals::count).sum();
    FrameIntervals covered = union(all.files.values());
    if (held > covered.count()) {
      all.groups = all.together(covered, exact);
    } else if (all.files.values().stream().allMatch(file -> file.size() <= 1)) {
      all.groups = all.byFile(covered);
    } else if (apart || exact || all.paysByFile(splitBytes, parallelism)) {
      all.groups = all.byFile(covered);
      all.interleaved = true;
    } else {
      all.groups = all.whole();
    }
    return all;
  }

  /** The groups, by their first frames. */
  List<Group> groups() {
    return groups;
  }

  /** Whether groups do not follow each other. */
  boolean interleaved() {
    return interleaved;
  }

  private static FrameIntervals union(Iterable<FrameIntervals> sets) {
    List<long[]> all = new ArrayList<>();
    for (FrameIntervals set : sets) {
      for (int i = 0; i < set.size(); i++) {
        all.add(new long[] {set.from(i), set.to(i)});
      }
    }
    all.sort(Comparator.comparingLong(interval -> interval[0]));
    FrameIntervals.Builder union = new FrameIntervals.Builder();
    all.forEach(interval -> union.add(interval[0], interval[1]));
    return union.build();
  }

  /** With ranges of frames every task opens every file; by file a task opens one. */
  private boolean paysByFile(long splitBytes, int parallelism) {
    double total = frames * frameBytes;
    double tasks = Math.max(1, Math.min(parallelism, total / LEAST_SPLIT));
    tasks = Math.ceil(Math.max(tasks, total / splitBytes));
    double opens = tasks * files.size() - Math.max(tasks, files.size());
    return opens * OPEN_BYTES > total / 20;
  }

  private List<Group> whole() {
    return List.of(new Group(FrameIntervals.of(0, frames), Map.copyOf(bytes)));
  }

  private List<Group> byFile(FrameIntervals covered) {
    List<Group> found = new ArrayList<>();
    files.forEach(
        (file, held) -> {
          if (!held.isEmpty()) {
            found.add(new Group(held, Map.of(file, bytes.get(file))));
          }
        });
    addRest(covered, found);
    return found;
  }

  /** Frames that no file holds are filled. */
  private void addRest(FrameIntervals covered, List<Group> found) {
    FrameIntervals rest = covered.complement(frames);
    for (int i = 0; i < rest.size(); i++) {
      found.add(new Group(FrameIntervals.of(rest.from(i), rest.to(i)), Map.of()));
    }
    found.sort(Comparator.comparingLong(group -> group.frames().from(0)));
  }

  /** Stretches of frames that the same files hold; all frames if these are too short. */
  private List<Group> together(FrameIntervals covered, boolean exact) {
    TreeMap<Long, List<String>> changes = new TreeMap<>();
    files.forEach(
        (file, held) -> {
          for (int i = 0; i < held.size(); i++) {
            changes.computeIfAbsent(held.from(i), at -> new ArrayList<>()).add(file);
            changes.computeIfAbsent(held.to(i), at -> new ArrayList<>()).add(file);
          }
        });
    if (!exact
        && (double) covered.count() / Math.max(1, changes.size()) * frameBytes < LEAST_SPLIT
        && changes.size() > 2 * files.size()) {
      return whole();
    }
    List<Group> found = new ArrayList<>();
    Set<String> open = new HashSet<>();
    long from = -1;
    for (Map.Entry<Long, List<String>> change : changes.entrySet()) {
      if (!open.isEmpty() && change.getKey() > from) {
        found.add(stretch(open, from, change.getKey()));
      }
      for (String file : change.getValue()) {
        if (!open.remove(file)) {
          open.add(file);
        }
      }
      from = change.getKey();
    }
    addRest(covered, found);
    return found;
  }

  private Group stretch(Set<String> held, long from, long to) {
    Map<String, Long> taken = new TreeMap<>();
    for (String file : held) {
      long count = files.get(file).count();
      taken.put(file, (long) ((double) bytes.get(file) / count * (to - from)));
    }
    return new Group(FrameIntervals.of(from, to), taken);
  }

  @Override
  public String toString() {
    return groups.size() + " groups of " + Arrays.toString(files.keySet().toArray());
  }
}
