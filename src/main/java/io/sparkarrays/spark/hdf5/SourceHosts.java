// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.hdf5.FileLocator;
import io.sparkarrays.hdf5.virtual.SourcePart;
import io.sparkarrays.hdf5.virtual.VirtualMapping;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import io.sparkarrays.spark.hadoop.HadoopFiles;
import io.sparkarrays.spark.hadoop.HadoopPaths;
import io.sparkarrays.spark.hosts.HostAnswers;
import io.sparkarrays.spark.hosts.Hosts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
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
 * Where the sources of a virtual data set are. Where the driver sees all of them, they are on a
 * disk that all hosts share, and nobody is asked; else every host is asked which it has. A file
 * system of Hadoop's is shared by all, and says itself which hosts are nearest.
 */
final class SourceHosts {

  /** Of sources that are on some hosts only, or may be. */
  private final Map<String, List<String>> hosts = new HashMap<>();

  /** Of sources that every host reads, those that are nearest. */
  private final Map<String, List<String>> near = new HashMap<>();

  private final Set<Source> absent = new HashSet<>();
  private final boolean inside;
  private final SortedSet<String> answered;
  private final SortedSet<String> silent;

  /** A source's file, and its data set if that is asked for, too. */
  private record Source(String file, String dataset) {}

  private SourceHosts(boolean inside, SortedSet<String> answered, SortedSet<String> silent) {
    this.inside = inside;
    this.answered = answered;
    this.silent = silent;
  }

  /**
   * Looks for the sources of a plan.
   *
   * @param inside whether a source whose file lacks the data set is absent too, for which files
   *     have to be opened
   */
  static SourceHosts of(
      SparkSession spark, VirtualPlan plan, FileAccess access, Duration timeout, boolean inside) {
    FileLocator beside = access.beside(plan.file());
    Set<Source> names = new LinkedHashSet<>();
    for (SourcePart part : plan.parts()) {
      if (inside || !part.file().equals(VirtualMapping.SAME_FILE)) {
        names.add(new Source(part.file(), inside ? part.dataset() : ""));
      }
    }
    List<Source> all = new ArrayList<>(names);
    ArrayList<SourcePlaces> places = new ArrayList<>();
    for (Source source : all) {
      boolean same = source.file().equals(VirtualMapping.SAME_FILE);
      places.add(
          new SourcePlaces(
              new ArrayList<>(same ? List.of(plan.file()) : beside.candidates(source.file())),
              source.dataset()));
    }
    boolean local = spark.sparkContext().isLocal();
    if (HadoopPaths.isUri(plan.file())) {
      return shared(all, places, access, local, inside);
    }
    BitSet here = present(places, access);
    if (local || here.cardinality() == all.size()) {
      SourceHosts found = new SourceHosts(inside, new TreeSet<>(), new TreeSet<>());
      for (int i = here.nextClearBit(0); i < all.size(); i = here.nextClearBit(i + 1)) {
        found.absent.add(all.get(i));
      }
      return found;
    }
    HostAnswers<BitSet> answers = Hosts.ask(spark, () -> present(places, access), timeout);
    SourceHosts found =
        new SourceHosts(inside, new TreeSet<>(answers.answers().keySet()), answers.silent());
    for (int i = 0; i < all.size(); i++) {
      List<String> having = new ArrayList<>();
      int number = i;
      answers
          .answers()
          .forEach(
              (host, files) -> {
                if (files.get(number)) {
                  having.add(host);
                }
              });
      found.hosts.merge(all.get(i).file(), having, SourceHosts::both);
      if (having.isEmpty()) {
        found.absent.add(all.get(i));
      }
    }
    if (!found.absent.isEmpty()) {
      answers.requireComplete(plan);
    }
    return found;
  }

  private static List<String> both(List<String> one, List<String> other) {
    Set<String> all = new LinkedHashSet<>(one);
    all.addAll(other);
    return List.copyOf(all);
  }

  /** Sources in a file system that all hosts share. */
  private static SourceHosts shared(
      List<Source> sources,
      List<SourcePlaces> places,
      FileAccess access,
      boolean local,
      boolean inside) {
    HadoopFiles files = new HadoopFiles(access.hadoop());
    SourceHosts found = new SourceHosts(inside, new TreeSet<>(), new TreeSet<>());
    try {
      Set<String> present =
          files.present(places.stream().flatMap(place -> place.candidates().stream()).toList());
      for (int i = 0; i < sources.size(); i++) {
        Optional<String> there =
            places.get(i).candidates().stream().filter(present::contains).findFirst();
        if (there.isEmpty() || !places.get(i).isIn(there.get(), access)) {
          found.absent.add(sources.get(i));
        } else if (!local) {
          found.near.put(
              sources.get(i).file(), FileBlocks.of(there.get(), access.hadoop()).hosts());
        }
      }
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED,
          sources.get(0).file(),
          "the file system does not say whether sources are there: " + e,
          "Check its URI and your permissions",
          e);
    }
    return found;
  }

  /** Which of the sources are here. */
  private static BitSet present(List<SourcePlaces> places, FileAccess access) {
    BitSet present = new BitSet();
    for (int i = 0; i < places.size(); i++) {
      present.set(i, places.get(i).isHere(access));
    }
    return present;
  }

  /** Whether any source is nowhere. */
  boolean anyAbsent() {
    return !absent.isEmpty();
  }

  /** Whether a source is nowhere. */
  boolean isAbsent(SourcePart part) {
    return absent.contains(new Source(part.file(), inside ? part.dataset() : ""));
  }

  /** The files that are nowhere, by their names in the mappings. */
  Set<String> absentFiles() {
    return absent.stream().map(Source::file).collect(Collectors.toSet());
  }

  /** The hosts that were asked and answered; none if nobody had to be asked. */
  SortedSet<String> answered() {
    return answered;
  }

  /** The hosts that were asked and did not answer. */
  SortedSet<String> silent() {
    return silent;
  }

  /** Whether sources are on some hosts only. */
  boolean apart() {
    return !hosts.isEmpty();
  }

  private List<String> hosts(String file) {
    return hosts.getOrDefault(file, near.getOrDefault(file, List.of()));
  }

  /** The hosts that have most of some bytes of files. */
  List<String> of(Map<String, Long> bytes) {
    HostWeights weights = new HostWeights();
    bytes.forEach((file, count) -> weights.add(hosts(file), count));
    return weights.most();
  }
}
