// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All files of a data set as they lie on the hosts, right or wrong. {@link FrameSource} tells the
 * same of a data set that is right, and is refused for another.
 *
 * @param root the folder that the files' names are relative to, absolute
 * @param files those that the data set must have, in its order
 * @param findings what the format itself found: sidecars, strays
 * @param writes the jobs that are writing, or were interrupted when they did
 * @param answered the hosts that told what they have; empty where no host has to be asked
 * @param silent the hosts that did not answer in time
 */
public record StoredFiles(
    String root,
    List<StoredFile> files,
    List<Finding> findings,
    SortedSet<String> writes,
    SortedSet<String> answered,
    SortedSet<String> silent) {

  /** Copies the collections. */
  public StoredFiles {
    files = List.copyOf(files);
    findings = List.copyOf(findings);
    writes = Collections.unmodifiableSortedSet(new TreeSet<>(writes));
    answered = Collections.unmodifiableSortedSet(new TreeSet<>(answered));
    silent = Collections.unmodifiableSortedSet(new TreeSet<>(silent));
  }
}
