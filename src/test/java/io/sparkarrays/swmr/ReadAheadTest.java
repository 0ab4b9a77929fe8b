// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

  private static final FollowOptions SHORT =
      FollowOptions.DEFAULTS.withTimeout(Duration.ofMillis(1)).withPollInterval(Duration.ZERO);

  private final MemoryScan scan = new MemoryScan();

  private DataSource follow(ScanData data) {
    return DataSource.of(List.of(scan), Map.of("data", data), SHORT);
  }

  private static List<Long> drain(DataSource source) {
    List<Long> values = new ArrayList<>();
    while (source.hasNext()) {
      ScanFrames frames = source.next();
      assertThat(frames.get("data").bytes().getLong(0)).isEqualTo(frames.index());
      values.add(frames.index());
    }
    return values;
  }

  /** The scan's frames; a test does something before one is read. */
  private ScanData reading(Reading before) {
    return new ScanData() {
      @Override
      public void refresh() {
        scan.refresh();
      }

      @Override
      public boolean isWritten(long... position) {
        return scan.isWritten(position);
      }

      @Override
      public Frame read(long... position) throws IOException {
        before.of(position[0]);
        return scan.read(position);
      }
    };
  }

  private interface Reading {
    void of(long index) throws IOException;
  }

  @Test
  void framesComeInOrderAndAreReadOnce() {
    Set<Long> read = ConcurrentHashMap.newKeySet();
    DataSource source =
        follow(reading(index -> assertThat(read.add(index)).as("frame %s", index).isTrue()));
    scan.write(0, 100);
    assertThat(drain(source)).hasSize(100).isSorted().doesNotHaveDuplicates();
    scan.write(100, 101);
    assertThat(drain(source)).containsExactly(100L);
    scan.write(103, 110).write(101, 102);
    assertThat(drain(source)).containsExactly(101L);
    scan.write(102, 103);
    assertThat(drain(source)).containsExactly(102L, 103L, 104L, 105L, 106L, 107L, 108L, 109L);
    source.reset();
    read.clear();
    assertThat(drain(source)).hasSize(110);
  }

  @Test
  void theNextFrameIsReadWhileTheCallerHasTheOneBefore() throws InterruptedException {
    CountDownLatch second = new CountDownLatch(1);
    DataSource source =
        follow(
            reading(
                index -> {
                  if (index == 1) {
                    second.countDown();
                  }
                }));
    scan.write(0, 3);
    assertThat(source.next().index()).isZero();
    assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(drain(source)).containsExactly(1L, 2L);
  }

  @Test
  void aFailureComesInItsTurn() {
    DataSource source =
        follow(
            reading(
                index -> {
                  if (index == 2) {
                    throw new IOException("frame " + index);
                  }
                  if (index == 4) {
                    throw new IllegalStateException("frame " + index);
                  }
                }));
    scan.write(0, 6);
    assertThat(source.next().index()).isZero();
    assertThat(source.next().index()).isEqualTo(1);
    assertThatThrownBy(source::next)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("frame 2");
    assertThat(source.next().index()).isEqualTo(3);
    assertThatThrownBy(source::next).isInstanceOf(IllegalStateException.class);
    assertThat(source.next().index()).isEqualTo(5);
  }
}
