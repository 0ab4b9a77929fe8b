// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.source.FrameGroup;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.MetadataField;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.connector.read.HasPartitionKey;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/** Splits are the selection, once, whatever the files and limits are. */
class SplitPlannerProperties {

  private static final List<List<String>> HOSTS =
      List.of(List.of(), List.of("a"), List.of("b"), List.of("a", "b"));

  private static final PartitionKey BY_FILE =
      new PartitionKey(
          new ReadColumn.Metadata(
              DataTypes.createStructField("_file", DataTypes.StringType, false),
              MetadataField.FILE));

  private static List<FrameRange> ranges(Random random, int files, int longest) {
    List<FrameRange> ranges = new ArrayList<>();
    long from = 0;
    for (int file = 0; file < files; file++) {
      long to = from + 1 + random.nextInt(longest);
      List<String> hosts = HOSTS.get(random.nextInt(HOSTS.size()));
      ranges.add(
          new FrameRange("/data/" + file, from, to, file, true, hosts)
              .inUnits(1 + random.nextInt(9)));
      from = to;
    }
    return ranges;
  }

  private static FrameIntervals some(Random random, long frames) {
    if (random.nextInt(3) == 0) {
      return FrameIntervals.of(0, frames);
    }
    return FrameIntervals.ofIndexes(random.longs(random.nextInt(200), 0, frames).toArray());
  }

  @Property(tries = 500)
  void splitsAreTheSelectionOnce(@ForAll Random random) {
    List<FrameRange> ranges = ranges(random, 1 + random.nextInt(30), 100);
    FrameIntervals frames = some(random, ranges.get(ranges.size() - 1).to());
    long bytesPerFrame = random.nextInt(4) == 0 ? 0 : 1L << random.nextInt(24);
    long most = 1L << random.nextInt(27);
    int cores = 1 + random.nextInt(16);
    Optional<PartitionKey> key = random.nextBoolean() ? Optional.of(BY_FILE) : Optional.empty();

    List<ArrayInputPartition> tasks =
        new SplitPlanner(most, cores, key)
            .plan(new FrameSelection(ranges, frames), bytesPerFrame, 9);

    List<Long> seen = new ArrayList<>();
    Set<List<Long>> units = new HashSet<>();
    long first = -1;
    for (ArrayInputPartition task : tasks) {
      long count = 0;
      assertThat(task.splits()).isNotEmpty();
      assertThat(task instanceof HasPartitionKey).isEqualTo(key.isPresent());
      if (task instanceof HasPartitionKey keyed) {
        String file = keyed.partitionKey().getUTF8String(0).toString();
        assertThat(task.splits()).allMatch(split -> split.range().file().equals(file));
      }
      for (FrameSplit split : task.splits()) {
        FrameRange file = split.range();
        assertThat(ranges).contains(file);
        assertThat(split.frames().isEmpty()).isFalse();
        assertThat(split.frames().within(file.from(), file.to())).isEqualTo(split.frames());
        assertThat(task.preferredLocations()).containsExactlyElementsOf(file.hosts());
        count += split.frames().count();
        Set<List<Long>> here = new HashSet<>();
        for (int i = 0; i < split.frames().size(); i++) {
          for (long f = split.frames().from(i); f < split.frames().to(i); f++) {
            seen.add(f);
            here.add(List.of(file.from(), (f - file.from()) / file.unit()));
          }
        }
        if (file.unit() * Math.max(8, bytesPerFrame) <= most) {
          assertThat(units).doesNotContainAnyElementsOf(here);
          units.addAll(here);
        }
      }
      assertThat(count == 1 || count * bytesPerFrame <= most).isTrue();
      long begin = task.splits().get(0).frames().from(0);
      assertThat(begin).isGreaterThan(first);
      first = begin;
    }
    List<Long> wanted = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      for (long f = frames.from(i); f < frames.to(i); f++) {
        wanted.add(f);
      }
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(wanted);
  }

  /** Groups of a range: every third frame, or stretches; each with a host of its own. */
  private static List<FrameGroup> groups(FrameRange range, boolean interleaved) {
    List<FrameGroup> groups = new ArrayList<>();
    for (int g = 0; g < 3; g++) {
      FrameIntervals.Builder frames = new FrameIntervals.Builder();
      for (long f = range.from(); f < range.to(); f++) {
        long at = f - range.from();
        if ((interleaved ? at % 3 : at * 3 / range.frames()) == g) {
          frames.add(f, f + 1);
        }
      }
      if (!frames.build().isEmpty()) {
        groups.add(new FrameGroup(frames.build(), List.of("host" + g), 2, ""));
      }
    }
    return groups;
  }

  @Property(tries = 200)
  void tasksAreOfOneGroupOfEachRange(@ForAll Random random) {
    List<FrameRange> ranges = ranges(random, 1 + random.nextInt(10), 100);
    FrameIntervals frames = some(random, ranges.get(ranges.size() - 1).to());
    boolean interleaved = random.nextBoolean();
    List<ArrayInputPartition> tasks =
        new SplitPlanner(
                1L << random.nextInt(27),
                1 + random.nextInt(16),
                Optional.empty(),
                true,
                range -> groups(range, interleaved))
            .plan(new FrameSelection(ranges, frames), 1L << random.nextInt(24), 9);
    FrameIntervals all = FrameIntervals.EMPTY;
    long count = 0;
    for (ArrayInputPartition task : tasks) {
      for (FrameSplit split : task.splits()) {
        assertThat(task.preferredLocations())
            .containsExactlyElementsOf(split.range().hosts())
            .hasSize(1);
        FrameRange range = ranges.get(split.range().partition());
        FrameGroup group =
            groups(range, interleaved).stream()
                .filter(g -> g.hosts().equals(split.range().hosts()))
                .findFirst()
                .orElseThrow();
        assertThat(split.frames().intersect(group.frames())).isEqualTo(split.frames());
        all = all.union(split.frames());
        count += split.frames().count();
      }
    }
    assertThat(all).isEqualTo(frames);
    assertThat(count).isEqualTo(frames.count());
  }

  @Property(tries = 200)
  void indivisibleRangesAreReadByOneTaskEach(@ForAll Random random) {
    List<FrameRange> ranges = ranges(random, 1 + random.nextInt(30), 100);
    FrameIntervals frames = some(random, ranges.get(ranges.size() - 1).to());
    List<ArrayInputPartition> tasks =
        new SplitPlanner(1L << random.nextInt(27), 1 + random.nextInt(16), Optional.empty(), false)
            .plan(new FrameSelection(ranges, frames), 1L << random.nextInt(24), 9);
    List<FrameSplit> splits = tasks.stream().flatMap(task -> task.splits().stream()).toList();
    assertThat(splits)
        .containsExactlyInAnyOrderElementsOf(
            ranges.stream()
                .map(r -> new FrameSplit(r, frames.within(r.from(), r.to())))
                .filter(split -> !split.frames().isEmpty())
                .toList());
  }

  @Test
  void smallFilesArePackedAndLargeOnesCut() {
    List<FrameRange> small = ranges(new Random(1), 1000, 1);
    FrameIntervals all = FrameIntervals.of(0, 1000);
    // With its opening a frame of 1 KiB counts as 129 KiB, and 500 of them as 63 MiB, a core's
    // half.
    assertThat(plan(small.stream().map(SplitPlannerProperties::anywhere).toList(), all, 1024))
        .hasSize(2);
    FrameRange large = new FrameRange("/data/0", 0, 1000, 0, true, List.of());
    // 1,000 MiB in pieces of 64 MiB.
    assertThat(plan(List.of(large), all, 1 << 20)).hasSize(16);
    // Indexes alone cost little.
    assertThat(plan(List.of(large), all, 0)).hasSize(1);
    assertThat(plan(List.of(large), FrameIntervals.EMPTY, 1 << 20)).isEmpty();
  }

  @Example
  void noSplitsForWhatASidecarOnlyClaims() {
    FrameRange there = new FrameRange("/data/0", 0, 10, 0, true, List.of());
    FrameRange claimed = new FrameRange("/data/1", 10, 1L << 62, 1, false, List.of());
    FrameIntervals all = FrameIntervals.of(0, 1L << 62);
    assertThatThrownBy(() -> plan(List.of(there, claimed), all, 1 << 20))
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OPTION_INVALID))
        .hasMessageContainingAll("/data/1", "maxPartitionBytes");
    assertThat(plan(List.of(there, claimed), FrameIntervals.of(0, 1000), 1 << 20)).hasSize(17);
  }

  private static FrameRange anywhere(FrameRange range) {
    return new FrameRange(
        range.file(), range.from(), range.to(), range.partition(), true, List.of());
  }

  private static List<ArrayInputPartition> plan(
      List<FrameRange> ranges, FrameIntervals frames, long bytesPerFrame) {
    return new SplitPlanner(64 << 20, 2, Optional.empty())
        .plan(new FrameSelection(ranges, frames), bytesPerFrame, 8);
  }
}
