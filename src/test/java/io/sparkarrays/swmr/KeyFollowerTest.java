// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.FrontierState;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the iterator adds to the frontier: waiting, and what ends it. Time is the test's. */
final class KeyFollowerTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final MemoryScan scan = new MemoryScan();

  /** A clock that runs only while somebody waits, and does at certain times what a test wants. */
  private static final class TestTime implements Waiting {
    final TreeMap<Long, Runnable> plan = new TreeMap<>();
    long now;
    int pauses;

    void at(Duration time, Runnable action) {
      plan.put(time.toNanos(), action);
    }

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void pause(long nanos) {
      pauses++;
      now += nanos;
      while (!plan.isEmpty() && plan.firstKey() <= now) {
        plan.pollFirstEntry().getValue().run();
      }
    }
  }

  private final TestTime time = new TestTime();

  private KeyFollower follower(FollowOptions options) {
    return new KeyFollower(List.of(scan), List.of(scan), options.withTimeout(TIMEOUT), time);
  }

  private static List<Long> drain(KeyFollower follower) {
    List<Long> all = new ArrayList<>();
    follower.forEachRemaining((long index) -> all.add(index));
    return all;
  }

  @Test
  void endsAtOnceWhenAllIsThere() {
    scan.limit = 4;
    scan.write(0, 4);
    KeyFollower follower = follower(FollowOptions.DEFAULTS);
    assertThat(drain(follower)).containsExactly(0L, 1L, 2L, 3L);
    assertThat(time.pauses).isZero();
    assertThat(follower.hasTimedOut()).isFalse();
    assertThat(follower.areKeysComplete()).isTrue();
    assertThatThrownBy(follower::nextLong).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void waitsAsLongAsFramesCome() {
    for (int i = 0; i < 20; i++) {
      int frame = i;
      time.at(Duration.ofMillis(900L * i), () -> scan.write(frame, frame + 1));
    }
    KeyFollower follower = follower(FollowOptions.DEFAULTS);
    assertThat(drain(follower)).hasSize(20);
    assertThat(follower.hasTimedOut()).isTrue();
    assertThat(Duration.ofNanos(time.now))
        .isBetween(Duration.ofMillis(18_100), Duration.ofMillis(18_110));
  }

  @Test
  void pollsAtAnIntervalOfItsOwn() {
    FollowOptions options = FollowOptions.DEFAULTS.withPollInterval(Duration.ofMillis(100));
    assertThat(drain(follower(options))).isEmpty();
    assertThat(time.pauses).isEqualTo(10);
  }

  @Test
  void goesOnAfterATimeout() {
    scan.write(0, 2);
    KeyFollower follower = follower(FollowOptions.DEFAULTS);
    assertThat(drain(follower)).containsExactly(0L, 1L);
    scan.write(2, 3);
    assertThat(drain(follower)).containsExactly(2L);
  }

  @Test
  void keysThatGoBackToZeroNeitherHangNorAddFrames() {
    scan.write(0, 5);
    KeyFollower follower = follower(FollowOptions.DEFAULTS);
    assertThat(follower.nextLong()).isZero();
    scan.keys.clear();
    assertThat(drain(follower)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(follower.hasTimedOut()).isTrue();
    assertThat(follower.getCurrentMax()).isEqualTo(4);
  }

  @Test
  void looksWithoutWaitingAndLosesNothing() {
    scan.write(0, 25);
    KeyFollower follower = follower(FollowOptions.DEFAULTS);
    assertThat(follower.getCurrentMax()).isEqualTo(-1);
    assertThat(follower.refresh()).isTrue();
    assertThat(follower.getCurrentMax()).isEqualTo(24);
    assertThat(follower.nextLong()).isZero();
    scan.write(25, 50);
    assertThat(follower.refresh()).isTrue();
    assertThat(follower.refresh()).isFalse();
    assertThat(follower.getCurrentMax()).isEqualTo(49);
    assertThat(drain(follower)).hasSize(49).doesNotHaveDuplicates().endsWith(49L);
  }

  @Test
  void resetBeginsAgain() {
    scan.write(0, 3);
    KeyFollower follower = follower(FollowOptions.DEFAULTS);
    assertThat(drain(follower)).hasSize(3);
    follower.reset();
    assertThat(follower.getCurrentMax()).isEqualTo(-1);
    assertThat(follower.hasTimedOut()).isFalse();
    assertThat(drain(follower)).containsExactly(0L, 1L, 2L);
  }

  @Test
  void beginsWhereItShall() {
    scan.write(0, 10);
    FollowOptions options = FollowOptions.DEFAULTS.withStart(FrontierState.at(7));
    assertThat(drain(follower(options))).containsExactly(7L, 8L, 9L);
  }

  @Test
  void skipsAndComesBack() {
    scan.write(0, 3).write(5, 9);
    time.at(Duration.ofMillis(500), () -> scan.write(3, 4));
    FollowOptions options =
        FollowOptions.DEFAULTS.withGaps(GapPolicy.skipAfter(Duration.ofMillis(100)));
    assertThat(drain(follower(options))).containsExactly(0L, 1L, 2L, 5L, 6L, 7L, 8L, 3L);
  }

  @Test
  void aLongGapIsSkippedPieceByPiece() {
    scan.write(0, 60).write(100, 101);
    KeyFollower follower = follower(FollowOptions.DEFAULTS.withGaps(GapPolicy.skipAfter(10)));
    assertThat(drain(follower)).hasSize(60);
    assertThat(follower.frontier().state().next()).isEqualTo(91);
  }

  @Test
  void interruptionEndsTheWait() {
    Waiting interrupted =
        new Waiting() {
          @Override
          public long nanoTime() {
            return 0;
          }

          @Override
          public void pause(long nanos) throws InterruptedException {
            throw new InterruptedException();
          }
        };
    KeyFollower follower =
        new KeyFollower(List.of(scan), List.of(), FollowOptions.DEFAULTS, interrupted);
    assertThatThrownBy(follower::hasNext).isInstanceOf(UncheckedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
