// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import io.sparkarrays.hdf5.FileLocator;
import io.sparkarrays.hdf5.virtual.SourcePart;
import io.sparkarrays.hdf5.virtual.VirtualMapping;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import io.sparkarrays.spark.hosts.HostAnswers;
import io.sparkarrays.spark.hosts.Hosts;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;

/**
 * Where the sources of a virtual data set are. Where the driver sees all of them, they are on a
 * disk that all hosts share, and nobody is asked; else every host is asked which it has.
 */
final class SourceHosts {

  /** A host is named to the scheduler if it has this part of a task's bytes. */
  private static final int WORTH = 3;

  private static final int MOST_HOSTS = 3;

  private final Map<String, List<String>> hosts = new HashMap<>();
  private final Set<String> absent = new HashSet<>();
  private final SortedSet<String> answered;
  private final SortedSet<String> silent;

  private SourceHosts(SortedSet<String> answered, SortedSet<String> silent) {
    this.answered = answered;
    this.silent = silent;
  }

  /** Looks for the sources of a plan. */
  static SourceHosts of(SparkSession spark, VirtualPlan plan, Duration timeout) {
    FileLocator beside = FileLocator.beside(Path.of(plan.file()));
    Set<String> names = new LinkedHashSet<>();
    for (SourcePart part : plan.parts()) {
      if (!part.file().equals(VirtualMapping.SAME_FILE)) {
        names.add(part.file());
      }
    }
    List<String> all = new ArrayList<>(names);
    ArrayList<List<String>> candidates = new ArrayList<>();
    all.forEach(name -> candidates.add(new ArrayList<>(beside.candidates(name))));
    BitSet here = present(candidates);
    boolean local = spark.sparkContext().isLocal();
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

  /** The hosts that have most of some bytes of files. */
  List<String> of(Map<String, Long> bytes) {
    Map<String, Long> weights = new HashMap<>();
    long total = 0;
    for (Map.Entry<String, Long> file : bytes.entrySet()) {
      total += file.getValue();
      for (String host : hosts.getOrDefault(file.getKey(), List.of())) {
        weights.merge(host, file.getValue(), Long::sum);
      }
    }
    long least = total / WORTH;
    return weights.entrySet().stream()
        .filter(weight -> weight.getValue() >= least)
        .sorted(
            Comparator.comparing((Map.Entry<String, Long> weight) -> -weight.getValue())
                .thenComparing(Map.Entry::getKey))
        .limit(MOST_HOSTS)
        .map(Map.Entry::getKey)
        .toList();
  }
}
