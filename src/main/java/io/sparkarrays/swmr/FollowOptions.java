// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.FrontierState;
import io.sparkarrays.hdf5.Dataset;
import java.time.Duration;
import java.util.Optional;

/**
 * How a scan is followed, and what ends it. Immutable.
 *
 * @param timeout how long nothing may come before a scan counts as ended
 * @param pollInterval time between two looks at the files
 * @param finished a data set of one element that the writer sets to other than zero when it is done
 * @param gaps when frames that are missing are skipped
 * @param start where to begin
 */
public record FollowOptions(
    Duration timeout,
    Duration pollInterval,
    Optional<Dataset> finished,
    GapPolicy gaps,
    FrontierState start) {

  /** Ten seconds, a look every two milliseconds, no finished data set, no gaps, all frames. */
  public static final FollowOptions DEFAULTS =
      new FollowOptions(
          Duration.ofSeconds(10),
          Duration.ofMillis(2),
          Optional.empty(),
          GapPolicy.WAIT,
          FrontierState.START);

  /** Checks the durations. */
  public FollowOptions {
    if (timeout.isNegative() || pollInterval.isNegative()) {
      throw new IllegalArgumentException("timeout " + timeout + ", pollInterval " + pollInterval);
    }
  }

  /** The same with another timeout. */
  public FollowOptions withTimeout(Duration duration) {
    return new FollowOptions(duration, pollInterval, finished, gaps, start);
  }

  /** The same with another time between two looks. */
  public FollowOptions withPollInterval(Duration duration) {
    return new FollowOptions(timeout, duration, finished, gaps, start);
  }

  /** The same with a finished data set. */
  public FollowOptions withFinished(Dataset dataset) {
    return new FollowOptions(timeout, pollInterval, Optional.of(dataset), gaps, start);
  }

  /** The same with another policy for missing frames. */
  public FollowOptions withGaps(GapPolicy policy) {
    return new FollowOptions(timeout, pollInterval, finished, policy, start);
  }

  /** The same, from another place on. */
  public FollowOptions withStart(FrontierState state) {
    return new FollowOptions(timeout, pollInterval, finished, gaps, state);
  }
}
