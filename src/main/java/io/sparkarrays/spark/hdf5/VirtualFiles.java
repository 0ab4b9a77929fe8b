// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.FileLocator;
import io.sparkarrays.hdf5.virtual.SourcePart;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import io.sparkarrays.spark.options.MissingMode;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameGroup;
import io.sparkarrays.spark.source.FrameRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * The virtual data sets of a source's files: which frames belong together, where they are, and
 * which are missing. What is asked once is known for the life of this object. Planning's thread
 * uses it.
 */
final class VirtualFiles {

  private static final int SHOWN = 5;

  private final SparkSession spark;
  private final ReadOptions options;
  private final FileAccess access;
  private final List<FileTable> tables;
  private final Map<Integer, SourceHosts> hosts = new HashMap<>();
  private final Map<Grouping, VirtualGroups> groups = new HashMap<>();

  /** One way to group the frames of a file. */
  private record Grouping(int file, boolean exact) {}

  VirtualFiles(SparkSession spark, ReadOptions options, FileAccess access, List<FileTable> tables) {
    this.spark = spark;
    this.options = options;
    this.access = access;
    this.tables = tables;
  }

  private static int scanRank(FileTable table) {
    return table.scan().rank();
  }

  private SourceHosts hosts(int file) {
    return hosts.computeIfAbsent(
        file,
        number ->
            SourceHosts.of(
                spark,
                tables.get(number).mainPlan().orElseThrow(),
                access,
                options.hostsTimeout(),
                options.missing() == MissingMode.SKIP));
  }

  private VirtualGroups groups(Grouping wanted) {
    FileTable table = tables.get(wanted.file());
    return groups.computeIfAbsent(
        wanted,
        grouping ->
            VirtualGroups.of(
                table.mainPlan().orElseThrow(),
                scanRank(table),
                options.maxPartitionBytes(),
                spark.sparkContext().defaultParallelism(),
                !spark.sparkContext().isLocal() && hosts(grouping.file()).apart(),
                grouping.exact()));
  }

  /** The groups of a file's frames; one if it is not virtual. */
  List<FrameGroup> groups(FrameRange range, boolean exact) {
    int file = range.partition();
    Optional<VirtualPlan> plan = tables.get(file).mainPlan();
    if (plan.isEmpty()) {
      return List.of(FrameGroup.of(range));
    }
    long unit = sourceUnit(plan.get(), tables.get(file).scan());
    boolean local = spark.sparkContext().isLocal();
    List<FrameGroup> found = new ArrayList<>();
    for (VirtualGroups.Group group : groups(new Grouping(file, exact)).groups()) {
      found.add(
          new FrameGroup(
              group.frames().shifted(range.from()),
              local ? List.of() : hosts(file).of(group.bytes()),
              group.bytes().size() > 1 && group.frames().size() == 1 && unit > 1
                  ? wide(group, unit)
                  : unit,
              exact ? String.join(",", group.bytes().keySet()) : ""));
    }
    return found;
  }

  /** Frames of a group of files that are interleaved or side by side, of which chunks hold some. */
  private static long wide(VirtualGroups.Group group, long unit) {
    long all = unit * group.bytes().size();
    return all <= group.frames().count() ? all : unit;
  }

  /** How many frames are in a chunk of the first source that is here; all are taken to be alike. */
  private long sourceUnit(VirtualPlan plan, Shape scan) {
    FileLocator beside = access.beside(plan.file());
    return plan.parts().stream()
        .limit(SHOWN)
        .flatMap(
            part ->
                beside.candidates(part.file()).stream()
                    .flatMap(file -> chunkUnit(file, part.dataset(), plan.shape(), scan).stream()))
        .findFirst()
        .orElse(1L);
  }

  private Optional<Long> chunkUnit(String file, String dataset, Shape shape, Shape scan) {
    try (KeptFiles.Use open = KeptFiles.open(file, access)) {
      Dataset source = open.dataset(dataset);
      boolean alike = source.shape().rank() == shape.rank() && source.chunk().isPresent();
      return Optional.of(alike ? StoredColumn.unit(scan, source.chunk().get()) : 1L);
    } catch (IOException | ArrayException e) {
      // It is only about where to cut: reading tells what is wrong.
      return Optional.empty();
    }
  }

  /** Whether the groups of each file follow each other. */
  boolean grouped(boolean exact) {
    for (int file = 0; file < tables.size(); file++) {
      if (tables.get(file).mainPlan().isPresent()
          && groups(new Grouping(file, exact)).interleaved()) {
        return false;
      }
    }
    return true;
  }

  /** Whether any file is virtual. */
  boolean any() {
    return tables.stream().anyMatch(table -> !table.plans().isEmpty());
  }

  /**
   * Frames that lack a source that is nowhere. Only if it must be known before tasks start: on one
   * machine they tell it themselves.
   */
  FrameIntervals incomplete() {
    boolean local = spark.sparkContext().isLocal();
    if (options.missing() == MissingMode.FILL || (local && options.missing() == MissingMode.FAIL)) {
      return FrameIntervals.EMPTY;
    }
    FrameIntervals.Builder all = new FrameIntervals.Builder();
    long first = 0;
    for (int file = 0; file < tables.size(); file++) {
      FileTable table = tables.get(file);
      if (table.mainPlan().isPresent() && hosts(file).anyAbsent()) {
        FrameIntervals absent = FrameIntervals.EMPTY;
        for (SourcePart part : absent(file)) {
          absent = absent.union(table.mainPlan().orElseThrow().framesOf(part, scanRank(table)));
        }
        for (int i = 0; i < absent.size(); i++) {
          all.add(first + absent.from(i), first + absent.to(i));
        }
      }
      first += table.scan().size();
    }
    return all.build();
  }

  private List<SourcePart> absent(int file) {
    return tables.get(file).mainPlan().orElseThrow().parts().stream()
        .filter(hosts(file)::isAbsent)
        .toList();
  }

  /** What is said of frames that lack a source. */
  ArrayException error(FrameIntervals wanted) {
    Set<String> names = new LinkedHashSet<>();
    SortedSet<String> asked = new TreeSet<>();
    Set<String> masters = new LinkedHashSet<>();
    long first = 0;
    for (int file = 0; file < tables.size(); file++) {
      FileTable table = tables.get(file);
      Optional<VirtualPlan> plan = table.mainPlan();
      if (plan.isPresent()) {
        FrameIntervals here = wanted.within(first, first + table.scan().size()).shifted(-first);
        for (SourcePart part : absent(file)) {
          if (!plan.get().framesOf(part, scanRank(table)).intersect(here).isEmpty()) {
            names.add("'" + part.file() + "'");
            masters.add(plan.get().toString());
            asked.addAll(hosts(file).answered());
          }
        }
      }
      first += table.scan().size();
    }
    return new ArrayException(
        ErrorCode.VDS_SOURCE_MISSING,
        masters.stream().limit(SHOWN).collect(Collectors.joining(", ")),
        "no host has "
            + names.stream().limit(SHOWN).collect(Collectors.joining(", "))
            + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "")
            + "; asked "
            + (asked.isEmpty() ? "this host" : asked),
        "Bring the sources there, or read with option missing = skip or fill");
  }

  SortedSet<String> answered() {
    SortedSet<String> all = new TreeSet<>();
    hosts.values().forEach(known -> all.addAll(known.answered()));
    return all;
  }

  SortedSet<String> silent() {
    SortedSet<String> all = new TreeSet<>();
    hosts.values().forEach(known -> all.addAll(known.silent()));
    return all;
  }

  /**
   * The plans that tasks get, by the data sets' paths. Tasks of several files look up the mappings
   * themselves: together they may be large.
   */
  Map<String, VirtualPlan> plans() {
    if (tables.size() > 1) {
      return Map.of();
    }
    Map<String, VirtualPlan> plans = new HashMap<>();
    boolean ask = options.missing() == MissingMode.FILL && !spark.sparkContext().isLocal() && any();
    tables
        .get(0)
        .plans()
        .forEach(
            (path, plan) ->
                // What another host has must not be filled by a task that came to the wrong one.
                plans.put(
                    path,
                    ask && hosts(0).apart()
                        ? plan.without(hosts(0).absentFiles())
                            .withMissing(VirtualAccess.Missing.FAIL)
                        : plan));
    return plans;
  }
}
