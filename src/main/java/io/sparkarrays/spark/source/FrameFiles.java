// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.source;

import java.util.List;
import java.util.SortedSet;

/**
 * Where the frames of a data set are, and who was asked.
 *
 * @param ranges the files, sorted by their first frame and disjoint
 * @param answered the hosts that told what they have; empty where no host has to be asked
 * @param silent the hosts that did not answer in time: what they have is unknown, not missing
 */
public record FrameFiles(
    List<FrameRange> ranges, SortedSet<String> answered, SortedSet<String> silent) {}
