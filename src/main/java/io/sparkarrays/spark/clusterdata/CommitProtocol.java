// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.CommitRecord;
import io.sparkarrays.clusterdata.Leftover;
import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.Staging;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.hosts.HostAnswers;
import io.sparkarrays.spark.hosts.HostTask;
import io.sparkarrays.spark.hosts.Hosts;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a write on all hosts, in steps that the next write can finish or undo after a crash:
 * every host prepares, then every host publishes, then every host clears up. The write is decided
 * when the first host publishes. See {@link Staging} for a host's part.
 */
final class CommitProtocol {
  private static final Logger LOG = LoggerFactory.getLogger(CommitProtocol.class);

  /** How long until a host that lost its executor is asked again. */
  private static final Duration RETRY = Duration.ofMillis(200);

  private final SparkSession spark;
  private final String base;
  private final Duration timeout;

  CommitProtocol(SparkSession spark, String base, Duration timeout) {
    this.spark = spark;
    this.base = base;
    this.timeout = timeout;
  }

  /**
   * Makes the hidden data set on every host, before tasks write there.
   *
   * @return where it was made; a host that can't tells it the tasks that land there
   * @throws ArrayException {@code HOSTS_UNKNOWN} if a host does not answer
   */
  StagedHosts stage(String job, PartitionStructure structure) {
    String path = base;
    SortedMap<String, ArrayList<ArrayException>> refusals =
        Hosts.ask(
                spark,
                () -> {
                  ArrayList<ArrayException> refusal = new ArrayList<>();
                  try {
                    Staging.of(Path.of(path), job).stage(structure, Hosts.here());
                  } catch (ArrayException e) {
                    LOG.warn("{} can't be staged on {}", path, Hosts.here(), e);
                    refusal.add(e);
                  }
                  return refusal;
                },
                timeout)
            .requireComplete(base)
            .answers();
    Set<String> ready = new TreeSet<>();
    Map<String, ArrayException> refused = new TreeMap<>();
    refusals.forEach(
        (host, refusal) -> {
          if (refusal.isEmpty()) {
            ready.add(host);
          } else {
            refused.put(host, refusal.get(0));
          }
        });
    return new StagedHosts(ready, refused);
  }

  /**
   * Which host acts for which: on a shared disk the staged folder of several hosts is one, and one
   * of them publishes it for all.
   *
   * @param partakers hosts that must answer, because they have written or have older partitions
   * @return for each host that answered the one that acts for it, mostly itself
   */
  SortedMap<String, String> owners(String job, Collection<String> partakers) {
    String path = base;
    Map<String, ArrayList<String>> sharers =
        ask(partakers, () -> new ArrayList<>(Staging.of(Path.of(path), job).sharers()));
    SortedMap<String, String> owners = new TreeMap<>();
    sharers.forEach(
        (host, marks) ->
            owners.put(
                host,
                marks.stream().filter(mark -> sharers.containsKey(mark)).findFirst().orElse(host)));
    return owners;
  }

  /**
   * Makes every host ready. After this any of them may publish.
   *
   * @throws ArrayException if a host does not answer or lacks what it should publish
   */
  void prepare(String job, CommitRecord record, PartitionStructure structure) {
    String path = base;
    ask(
        record.partitions().keySet(),
        () -> {
          Staging staging = Staging.of(Path.of(path), job);
          String host = Hosts.here();
          if (record.partitions().containsKey(host)) {
            staging.prepare(record, host, structure);
          } else if (staging.sharers().equals(Set.of(host))) {
            // Its own, and no other's: another host may act for all that share a disk.
            staging.discard();
          }
          return Boolean.TRUE;
        });
  }

  /** Publishes on every host of the record, then clears up. */
  void publish(String job, CommitRecord record) {
    publish(job, record, false);
  }

  private void publish(String job, CommitRecord record, boolean again) {
    String path = base;
    ask(
        record.partitions().keySet(),
        () -> {
          String host = Hosts.here();
          if (record.partitions().containsKey(host)) {
            Staging.of(Path.of(path), job).publish(record, host, again);
          }
          return Boolean.TRUE;
        });
    try {
      ask(
          record.partitions().keySet(),
          () -> {
            Staging.of(Path.of(path), job).finish();
            return Boolean.TRUE;
          });
    } catch (RuntimeException e) {
      LOG.warn("{} is published; what the write left is cleared away by the next one", base, e);
    }
  }

  /**
   * Removes what a job has left whose publishing failed, if no host has begun with it.
   *
   * @return whether nothing of the job is left; otherwise the next write finishes or undoes it
   */
  boolean undo(String job, CommitRecord record) {
    Map<String, List<Leftover>> leftovers = Inventory.leftovers(spark, base, timeout);
    boolean begun =
        leftovers.values().stream()
            .flatMap(List::stream)
            .anyMatch(left -> left.job().equals(job) && left.decided());
    if (begun || !leftovers.keySet().containsAll(record.partitions().keySet())) {
      return false;
    }
    discard(job);
    return true;
  }

  /** Removes what a job that was not published has left. */
  void discard(String job) {
    String path = base;
    ask(
        List.of(),
        () -> {
          Staging.of(Path.of(path), job).discard();
          return Boolean.TRUE;
        });
  }

  /**
   * Finishes the interrupted writes that were decided, and undoes the others.
   *
   * @param leftovers what each host still has of writes
   * @throws ArrayException {@code COMMIT_FAILED} if a host that takes part does not answer
   */
  void recover(Map<String, List<Leftover>> leftovers) {
    Map<String, List<Leftover>> jobs = new TreeMap<>();
    leftovers.values().stream()
        .flatMap(List::stream)
        .forEach(left -> jobs.computeIfAbsent(left.job(), job -> new ArrayList<>()).add(left));
    jobs.forEach(
        (job, parts) -> {
          Optional<CommitRecord> record =
              parts.stream().map(Leftover::record).filter(Objects::nonNull).findFirst();
          boolean decided = parts.stream().anyMatch(Leftover::decided);
          if (record.isPresent()) {
            requireAll(job, record.get(), leftovers.keySet());
          }
          if (decided && record.isPresent()) {
            LOG.warn("{}: finishing the interrupted write {}", base, job);
            publish(job, record.get(), true);
          } else {
            LOG.warn("{}: undoing the interrupted write {}", base, job);
            discard(job);
          }
        });
  }

  /** Without all hosts it can't be told whether one has published, which would decide the job. */
  private void requireAll(String job, CommitRecord record, Collection<String> answered) {
    TreeSet<String> absent = new TreeSet<>(record.partitions().keySet());
    absent.removeAll(answered);
    if (!absent.isEmpty()) {
      throw new ArrayException(
          ErrorCode.COMMIT_FAILED,
          base,
          "the write "
              + job
              + " was interrupted, and its hosts "
              + absent
              + " are not here to"
              + " finish or undo it",
          "Start executors on them; if they are gone for good, remove the hidden folders of this"
              + " job beside the data set on every host");
    }
  }

  /** Asks all hosts, and waits for those that lost their executor and will get another. */
  private <T extends Serializable> SortedMap<String, T> ask(
      Collection<String> needed, HostTask<T> task) {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
      HostAnswers<T> answers = Hosts.ask(spark, task, left).requireComplete(base);
      TreeSet<String> absent = new TreeSet<>(needed);
      absent.removeAll(answers.answers().keySet());
      if (absent.isEmpty()) {
        return answers.answers();
      }
      if (System.nanoTime() + RETRY.toNanos() > end) {
        throw new ArrayException(
            ErrorCode.COMMIT_FAILED,
            base,
            "the hosts " + absent + " take part in the write, but have no executor any more",
            "Start executors on them; the next write finishes or undoes what is left of this one");
      }
      LockSupport.parkNanos(RETRY.toNanos());
    }
  }
}
