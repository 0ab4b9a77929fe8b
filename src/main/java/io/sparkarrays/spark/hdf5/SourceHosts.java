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
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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

  private final Set<String> absent = new HashSet<>();
  private final SortedSet<String> answered;
  private final SortedSet<String> silent;

  private SourceHosts(SortedSet<String> answered, SortedSet<String> silent) {
    this.answered = answered;
    this.silent = silent;
  }

  /** Looks for the sources of a plan. */
  static SourceHosts of(SparkSession spark, VirtualPlan plan, FileAccess access, Duration timeout) {
    FileLocator beside = access.beside(plan.file());
    Set<String> names = new LinkedHashSet<>();
    for (SourcePart part : plan.parts()) {
      if (!part.file().equals(VirtualMapping.SAME_FILE)) {
        names.add(part.file());
      }
    }
    List<String> all = new ArrayList<>(names);
    ArrayList<List<String>> candidates = new ArrayList<>();
    all.forEach(name -> candidates.add(new ArrayList<>(beside.candidates(name))));
    boolean local = spark.sparkContext().isLocal();
    if (HadoopPaths.isUri(plan.file())) {
      return shared(all, candidates, access, local);
    }
    BitSet here = present(candidates);
    if (local || here.cardinality() == all.size()) {
      SourceHosts found = new SourceHosts(new TreeSet<>(), new TreeSet<>());
      for (int i = here.nextClearBit(0); i < all.size(); i = here.nextClearBit(i + 1)) {
        found.absent.add(all.get(i));
      }
      return found;
    }
    HostAnswers<BitSet> answers = Hosts.ask(spark, () -> present(candidates), timeout);
    SourceHosts found =
        new SourceHosts(new TreeSet<>(answers.answers().keySet()), answers.silent());
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
      found.hosts.put(all.get(i), having);
      if (having.isEmpty()) {
        found.absent.add(all.get(i));
      }
    }
    if (!found.absent.isEmpty()) {
      answers.requireComplete(plan);
    }
    return found;
  }

  /** Sources in a file system that all hosts share. */
  private static SourceHosts shared(
      List<String> names, List<List<String>> candidates, FileAccess access, boolean local) {
    HadoopFiles files = new HadoopFiles(access.hadoop());
    SourceHosts found = new SourceHosts(new TreeSet<>(), new TreeSet<>());
    try {
      Set<String> present = files.present(candidates.stream().flatMap(List::stream).toList());
      for (int i = 0; i < names.size(); i++) {
        Optional<String> there = candidates.get(i).stream().filter(present::contains).findFirst();
        if (there.isEmpty()) {
          found.absent.add(names.get(i));
        } else if (!local) {
          found.near.put(names.get(i), FileBlocks.of(there.get(), access.hadoop()).hosts());
        }
      }
    } catch (IOException e) {
      throw new ArrayException(
          ErrorCode.IO_FAILED,
          names.get(0),
          "the file system does not say whether sources are there: " + e,
          "Check its URI and your permissions",
          e);
    }
    return found;
  }

  /** Which of the files are here, each under any of its names. */
  private static BitSet present(List<List<String>> candidates) {
    BitSet present = new BitSet();
    for (int i = 0; i < candidates.size(); i++) {
      for (String candidate : candidates.get(i)) {
        if (isFile(candidate)) {
          present.set(i);
          break;
        }
      }
    }
    return present;
  }

  private static boolean isFile(String name) {
    try {
      return Files.isRegularFile(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The sources that are nowhere, by their names in the mappings. */
  Set<String> absent() {
    return absent;
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
