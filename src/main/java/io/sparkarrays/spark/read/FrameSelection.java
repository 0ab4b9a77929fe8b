// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.spark.options.MissingMode;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The frames that a plan reads, matched with the files that exist: option {@code missing}, then the
 * plan's order, limit and offset.
 *
 * @param ranges the data set's files
 * @param frames the frames to read; each lies in one of the ranges
 */
record FrameSelection(List<FrameRange> ranges, FrameIntervals frames) {

  private static final int SHOWN = 20;

  /**
   * Matches a plan with the files.
   *
   * @throws ArrayException {@code PARTITION_MISSING} if a wanted frame is nowhere and the user did
   *     not ask to skip or fill it; {@code HOSTS_UNKNOWN} if he did, but a silent host may have it
   */
  static FrameSelection of(FrameSource source, ScanPlan plan, MissingMode missing) {
    return of(source, plan, missing, source.scans().all());
  }

  /**
   * As {@link #of(FrameSource, ScanPlan, MissingMode)}, for what is left of the plan's rows when
   * more has become known while the query runs.
   *
   * @param within the frames that are still wanted; others need not exist
   */
  static FrameSelection of(
      FrameSource source, ScanPlan plan, MissingMode missing, FrameIntervals within) {
    FrameFiles files = source.files();
    FrameIntervals frames = plan.frames();
    if (missing == MissingMode.SKIP) {
      FrameIntervals.Builder present = new FrameIntervals.Builder();
      files.ranges().stream()
          .filter(FrameRange::present)
          .forEach(range -> present.add(range.from(), range.to()));
      List<FrameRange> absent = absent(files, frames);
      refuseUnknown(source, files, absent, missing);
      FrameIntervals incomplete = source.incomplete();
      frames = frames.intersect(present.build());
      frames = frames.intersect(incomplete.complement(source.scans().rows()));
    }
    frames = plan.choice().of(frames);
    // After the choice, which counts rows that a join drops later.
    frames = frames.intersect(within);
    if (missing == MissingMode.FAIL && !frames.isEmpty()) {
      FrameIntervals incomplete = frames.intersect(source.incomplete());
      if (!incomplete.isEmpty()) {
        throw source.incomplete(incomplete);
      }
    }
    List<FrameRange> absent = absent(files, frames);
    if (missing == MissingMode.FILL) {
      refuseUnknown(source, files, absent, missing);
    } else if (!absent.isEmpty()) {
      throw new ArrayException(
          ErrorCode.PARTITION_MISSING,
          source.description(),
          "no host has "
              + names(absent)
              + "; asked "
              + (files.answered().isEmpty() ? "this host" : files.answered())
              + (files.silent().isEmpty() ? "" : ", no answer from " + files.silent()),
          "Write the missing ones with mode append, or read with option missing = skip or fill");
    }
    return new FrameSelection(files.ranges(), frames);
  }

  private static List<FrameRange> absent(FrameFiles files, FrameIntervals frames) {
    List<FrameRange> absent = new ArrayList<>();
    for (FrameRange range : files.ranges()) {
      if (!range.present() && !frames.within(range.from(), range.to()).isEmpty()) {
        absent.add(range);
      }
    }
    return absent;
  }

  private static void refuseUnknown(
      FrameSource source, FrameFiles files, List<FrameRange> absent, MissingMode missing) {
    if (!absent.isEmpty() && !files.silent().isEmpty()) {
      throw new ArrayException(
          ErrorCode.HOSTS_UNKNOWN,
          source.description(),
          "no answer from " + files.silent() + ", which may have " + names(absent),
          "Option missing = "
              + missing.name().toLowerCase(java.util.Locale.ROOT)
              + " needs every host's answer: raise option hostsTimeout, or remove the dead hosts");
    }
  }

  private static String names(List<FrameRange> absent) {
    StringBuilder text = new StringBuilder(absent.size() == 1 ? "partition " : "partitions ");
    for (int i = 0; i < Math.min(SHOWN, absent.size()); i++) {
      FrameRange range = absent.get(i);
      text.append(i == 0 ? "" : ", ")
          .append(range.partition())
          .append(" (frames ")
          .append(range.from())
          .append(":")
          .append(range.to())
          .append(")");
    }
    if (absent.size() > SHOWN) {
      text.append(" and ").append(absent.size() - SHOWN).append(" more");
    }
    return text.toString();
  }
}
