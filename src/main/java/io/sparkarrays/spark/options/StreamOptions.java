// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.options;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the user asked of a stream of frames; {@link ArrayOption} tells what each means.
 *
 * @param keys what tells that a frame is written
 * @param finishedDataset the data set that tells that all are
 * @param skipGaps whether frames that are missing are passed over
 * @param gapFrames once one is there that is so many frames further on
 * @param gapTimeout or once a later one has been there for so long
 * @param endOn what a query takes for the end that shall stop by itself
 * @param timeout how long nothing may come, and how long a file is waited for
 * @param startingIndex the first frame that is wanted of each scan
 * @param maxFrames most frames a batch
 * @param maxBytes most stored bytes a batch, a frame at least
 * @param alignFrames batches end at multiples of so many frames
 * @param minFrames fewer are waited for
 * @param maxDelay but no longer than so
 */
public record StreamOptions(
    List<String> keys,
    Optional<String> finishedDataset,
    boolean skipGaps,
    OptionalLong gapFrames,
    Optional<Duration> gapTimeout,
    EndOn endOn,
    Duration timeout,
    long startingIndex,
    OptionalLong maxFrames,
    OptionalLong maxBytes,
    long alignFrames,
    OptionalLong minFrames,
    Duration maxDelay) {

  /** In place of names of data sets: those that are usual. */
  public static final String AUTO = "auto";

  /** In place of names of data sets: there are none, and stored chunks tell. */
  public static final String STORED = "stored";

  /** What a query takes for the end of the scans that shall stop by itself. */
  public enum EndOn {
    /** What is there when it begins. */
    NOW,
    /** The finished data set. */
    FINISHED,
    /** All frames that there can be. */
    COMPLETE,
    /** That nothing came for the timeout. */
    TIMEOUT,
    /** Nothing but that all frames came that there can be. */
    NEVER
  }

  private enum Gaps {
    WAIT,
    SKIP
  }

  /** Whether options are of a stream, so that its file is waited for. */
  public static boolean isStream(Map<String, String> values) {
    return new Options(values).text(ArrayOption.KEYS).isPresent();
  }

  /**
   * The options of a map whose keys are compared without regard to case.
   *
   * @throws ArrayException {@code OPTION_INVALID}
   */
  public static StreamOptions of(Map<String, String> values) {
    Options options = new Options(values);
    OptionalLong gapFrames = options.number(ArrayOption.GAP_FRAMES, 1);
    Optional<Duration> gapTimeout =
        options
            .text(ArrayOption.GAP_TIMEOUT)
            .map(text -> options.seconds(ArrayOption.GAP_TIMEOUT, Duration.ZERO));
    boolean skip = options.choice(ArrayOption.GAPS, Gaps.WAIT) == Gaps.SKIP;
    if (!skip && (gapFrames.isPresent() || gapTimeout.isPresent())) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "options gapFrames and gapTimeout",
          "they say when gaps are skipped, but gaps are waited for",
          "Give option gaps = skip, too, or leave them out");
    }
    if (skip && gapFrames.isEmpty() && gapTimeout.isEmpty()) {
      gapTimeout = Optional.of(Duration.ofSeconds(10));
    }
    EndOn endOn = options.choice(ArrayOption.END_ON, EndOn.NOW);
    Optional<String> finished = options.text(ArrayOption.FINISHED_DATASET);
    if (endOn == EndOn.FINISHED && finished.isEmpty()) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "option endOn = 'finished'",
          "no data set tells when a scan is finished",
          "Give option finishedDataset, too, or endOn = complete or timeout");
    }
    long align = options.number(ArrayOption.ALIGN_FRAMES, 1).orElse(1);
    OptionalLong maxFrames = options.number(ArrayOption.MAX_FRAMES_PER_TRIGGER, 1);
    if (maxFrames.isPresent() && maxFrames.getAsLong() < align) {
      throw new ArrayException(
          ErrorCode.OPTION_INVALID,
          "options alignFrames = " + align + " and maxFramesPerTrigger = " + maxFrames.getAsLong(),
          "no batch can have as many frames as make a whole",
          "Give a greater maxFramesPerTrigger, or leave it out");
    }
    return new StreamOptions(
        options.list(ArrayOption.KEYS).orElse(List.of(AUTO)),
        finished,
        skip,
        gapFrames,
        gapTimeout,
        endOn,
        options.seconds(ArrayOption.TIMEOUT, Duration.ofSeconds(10)),
        options.number(ArrayOption.STARTING_INDEX, 0).orElse(0),
        maxFrames,
        options
            .text(ArrayOption.MAX_BYTES_PER_TRIGGER)
            .map(text -> OptionalLong.of(options.bytes(ArrayOption.MAX_BYTES_PER_TRIGGER, 1)))
            .orElse(OptionalLong.empty()),
        align,
        options.number(ArrayOption.MIN_FRAMES, 1),
        options.seconds(ArrayOption.MAX_TRIGGER_DELAY, Duration.ofSeconds(10)));
  }
}
