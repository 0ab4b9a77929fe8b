// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.ClusterDataSet;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.StreamFolder;
import io.sparkarrays.clusterdata.StreamLedger;
import io.sparkarrays.clusterdata.StreamPiece;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hosts.Hosts;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;

/** The steps of a streaming query's epochs on all hosts; {@link StreamFolder} is a host's part. */
final class StreamProtocol {

  /** How long until a host that lost its executor is looked for again. */
  private static final Duration RETRY = Duration.ofMillis(200);

  private final SparkSession spark;
  private final String base;
  private final PartitionStructure structure;
  private final String query;
  private final Duration timeout;

  StreamProtocol(
      SparkSession spark,
      String base,
      PartitionStructure structure,
      String query,
      Duration timeout) {
    this.spark = spark;
    this.base = base;
    this.structure = structure;
    this.query = query;
    this.timeout = timeout;
  }

  /**
   * What one host has of a stream.
   *
   * @param ledger or null
   * @param pieces names of pieces
   */
  private record Part(StreamLedger ledger, ArrayList<String> pieces) implements Serializable {}

  /**
   * What all hosts have of a stream.
   *
   * @param ledger the newest ledger, if any epoch was decided
   * @param pieces the names of the pieces of each host
   */
  record State(Optional<StreamLedger> ledger, SortedMap<String, Set<String>> pieces) {

    /** The last epoch that was decided, or -1. */
    long decided() {
      return ledger.map(StreamLedger::epoch).orElse(-1L);
    }

    /** The hosts that have a piece: several, if they share a disk. */
    SortedSet<String> hosts(StreamPiece piece) {
      TreeSet<String> having = new TreeSet<>();
      pieces.forEach(
          (host, names) -> {
            if (names.contains(piece.name())) {
              having.add(host);
            }
          });
      return having;
    }
  }

  /** Looks at all hosts, and removes what writers that died have left there half-way. */
  State look() {
    String path = base;
    PartitionStructure wanted = structure;
    String name = query;
    SortedMap<String, Part> answers =
        Hosts.ask(
                spark,
                () -> {
                  StreamFolder here = StreamFolder.of(Path.of(path), wanted, name);
                  here.removeTemps();
                  return new Part(here.ledger().orElse(null), new ArrayList<>(here.pieces()));
                },
                timeout)
            .requireComplete(base)
            .answers();
    SortedMap<String, Set<String>> pieces = new TreeMap<>();
    answers.forEach((host, part) -> pieces.put(host, new HashSet<>(part.pieces())));
    return new State(
        answers.values().stream()
            .map(Part::ledger)
            .filter(Objects::nonNull)
            .max(Comparator.comparingLong(StreamLedger::epoch)),
        pieces);
  }

  /** Removes pieces that the ledger does not name, if there are any. */
  void tidy(State state) {
    Set<String> known = new HashSet<>();
    state.ledger().ifPresent(ledger -> ledger.pieces().forEach(p -> known.add(p.name())));
    if (state.pieces().values().stream().allMatch(known::containsAll)) {
      return;
    }
    String path = base;
    PartitionStructure wanted = structure;
    String name = query;
    ArrayList<String> keep = new ArrayList<>(known);
    Hosts.ask(
            spark,
            () -> {
              StreamFolder.of(Path.of(path), wanted, name).keepOnly(keep);
              return Boolean.TRUE;
            },
            timeout)
        .requireComplete(base);
  }

  /** Makes a ledger durable on every host that has a part in the data set: decides its epoch. */
  void decide(StreamLedger ledger) {
    String path = base;
    PartitionStructure wanted = structure;
    String name = query;
    Hosts.ask(
            spark,
            () -> {
              if (Files.exists(Path.of(path, ClusterDataSet.SIDECAR))) {
                StreamFolder.of(Path.of(path), wanted, name).write(ledger);
              }
              return Boolean.TRUE;
            },
            timeout)
        .requireComplete(base);
  }

  /**
   * Publishes what a decided epoch has made whole and is not there yet: a partition whose pieces
   * are on one host there, others by a job that moves their frames. Waits for hosts that have lost
   * their executors.
   *
   * @return the ledger of what is left to publish later
   * @throws ArrayException {@code COMMIT_FAILED} if a host that has pieces stays away
   */
  StreamLedger publish(StreamLedger ledger) {
    if (ledger.publishes().isEmpty()) {
      return ledger;
    }
    long end = System.nanoTime() + timeout.toNanos();
    try {
      Map<Integer, List<StreamPiece>> missing = missing(ledger);
      while (!missing.isEmpty()) {
        State state = look();
        Optional<StreamPiece> away =
            missing.values().stream()
                .flatMap(List::stream)
                .filter(piece -> state.hosts(piece).isEmpty())
                .findFirst();
        if (away.isEmpty()) {
          publish(ledger, missing, state);
        } else if (System.nanoTime() + RETRY.toNanos() > end) {
          throw away(away.get());
        } else {
          LockSupport.parkNanos(RETRY.toNanos());
        }
        missing = missing(ledger);
      }
    } finally {
      Inventory.forget(base);
    }
    // From here on the epoch depends on no host any more.
    StreamLedger left = new StreamLedger(ledger.epoch(), new TreeSet<>(), ledger.held());
    decide(left);
    return left;
  }

  private Map<Integer, List<StreamPiece>> missing(StreamLedger ledger) {
    Inventory there = inventory();
    Map<Integer, List<StreamPiece>> missing = new TreeMap<>();
    for (StreamPiece piece : ledger.pieces()) {
      if (ledger.publishes().contains(piece.partition()) && !there.present(piece.partition())) {
        missing.computeIfAbsent(piece.partition(), p -> new ArrayList<>()).add(piece);
      }
    }
    return missing;
  }

  private ArrayException away(StreamPiece piece) {
    return new ArrayException(
        ErrorCode.COMMIT_FAILED,
        base + " partition " + piece.partition(),
        "host " + piece.host() + " has frames of it, and can't be asked for them",
        "Start an executor there, then restart the query; if the host is gone for good, begin the"
            + " stream anew with another checkpoint and another path");
  }

  private void publish(StreamLedger ledger, Map<Integer, List<StreamPiece>> missing, State state) {
    SortedMap<String, List<Integer>> local = new TreeMap<>();
    Map<Integer, List<StreamPiece>> scattered = new TreeMap<>();
    missing.forEach(
        (partition, pieces) ->
            owner(state, pieces)
                .ifPresentOrElse(
                    host -> local.computeIfAbsent(host, h -> new ArrayList<>()).add(partition),
                    () -> scattered.put(partition, pieces)));
    if (!local.isEmpty()) {
      publishOnHosts(ledger, local);
    }
    if (!scattered.isEmpty()) {
      new PieceSource(base, structure, query, scattered, state).writeInto(spark, timeout);
    }
  }

  /** The host that has all pieces of a partition, if one has. */
  private static Optional<String> owner(State state, List<StreamPiece> pieces) {
    TreeSet<String> all = new TreeSet<>(state.pieces().keySet());
    pieces.forEach(piece -> all.retainAll(state.hosts(piece)));
    String first = pieces.get(0).host();
    return all.contains(first) ? Optional.of(first) : all.stream().findFirst();
  }

  private void publishOnHosts(StreamLedger ledger, SortedMap<String, List<Integer>> local) {
    String path = base;
    PartitionStructure wanted = structure;
    String name = query;
    Hosts.ask(
            spark,
            () -> {
              StreamFolder here = StreamFolder.of(Path.of(path), wanted, name);
              for (int partition : local.getOrDefault(Hosts.here(), List.of())) {
                List<StreamPiece> pieces =
                    ledger.pieces().stream().filter(p -> p.partition() == partition).toList();
                here.publish(partition, pieces);
                for (StreamPiece piece : pieces) {
                  here.remove(piece);
                }
              }
              return Boolean.TRUE;
            },
            timeout)
        .requireComplete(base);
  }

  /** What the hosts have now. */
  Inventory inventory() {
    Inventory.forget(base);
    return Inventory.of(spark, base, timeout);
  }
}
