// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hosts;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the hosts said. Immutable.
 *
 * @param answers one answer a host, by the host's name as Spark's scheduler knows it
 * @param silent hosts that have an executor but did not answer before the deadline: what they have
 *     is unknown
 * @param deadline how long they had
 * @param <T> the answer
 */
public record HostAnswers<T extends Serializable>(
    SortedMap<String, T> answers, SortedSet<String> silent, Duration deadline) {

  /** Copies the collections. */
  public HostAnswers {
    answers = Collections.unmodifiableSortedMap(new TreeMap<>(answers));
    silent = Collections.unmodifiableSortedSet(new TreeSet<>(silent));
  }

  /** Whether there was a host to ask and every one answered. */
  public boolean complete() {
    return silent.isEmpty() && !answers.isEmpty();
  }

  /**
   * Refuses to go on with less than all answers.
   *
   * @param where the path or data set that the question was about
   * @return this
   * @throws ArrayException {@code HOSTS_UNKNOWN} unless {@link #complete()}
   */
  public HostAnswers<T> requireComplete(Object where) {
    if (complete()) {
      return this;
    }
    throw new ArrayException(
        ErrorCode.HOSTS_UNKNOWN,
        where,
        silent.isEmpty()
            ? "no executor started within " + seconds() + " s, so no host could be asked"
            : "no answer within "
                + seconds()
                + " s from "
                + String.join(", ", silent)
                + ", so what is there is unknown (answered: "
                + (answers.isEmpty() ? "none" : String.join(", ", answers.keySet()))
                + ")",
        "Try again when the cluster has a free slot on each host, or give it longer with"
            + " spark.conf.set(\""
            + Hosts.TIMEOUT_KEY
            + "\", \"2min\")");
  }

  private String seconds() {
    double seconds = deadline.toMillis() / 1000.0;
    return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
  }
}
