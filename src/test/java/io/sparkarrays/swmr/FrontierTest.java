// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrontierState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The frontier's rules, look by look. */
final class FrontierTest {

  private final MemoryScan scan = new MemoryScan();
  private final MemoryScan other = new MemoryScan();

  private static Frontier frontier(GapPolicy gaps, MemoryScan... scans) {
    return new Frontier(List.of(scans), List.of(scans), gaps, FrontierState.START);
  }

  private static boolean look(Frontier frontier) throws IOException {
    return frontier.advance(0, false);
  }

  @Test
  void nothingIsWrittenInAnEmptyScan() throws IOException {
    Frontier frontier = frontier(GapPolicy.WAIT, scan);
    assertThat(look(frontier)).isFalse();
    assertThat(frontier.state()).isEqualTo(FrontierState.START);
  }

  @Test
  void givesWhatIsNewAtEachLook() throws IOException {
    Frontier frontier = frontier(GapPolicy.WAIT, scan);
    scan.write(0, 3);
    assertThat(look(frontier)).isTrue();
    assertThat(look(frontier)).isFalse();
    FrontierState three = frontier.state();
    scan.write(3, 8);
    assertThat(look(frontier)).isTrue();
    assertThat(frontier.state().since(three)).isEqualTo(FrameIntervals.of(3, 8));
  }

  @Test
  void allKeysMustBeThere() throws IOException {
    Frontier frontier = frontier(GapPolicy.WAIT, scan, other);
    scan.write(0, 10);
    other.write(0, 4);
    look(frontier);
    assertThat(frontier.state().next()).isEqualTo(4);
  }

  @Test
  void aKeyWithoutItsFrameIsLate() throws IOException {
    Frontier frontier = frontier(GapPolicy.WAIT, scan);
    scan.write(0, 5).keys(5, 9);
    look(frontier);
    assertThat(frontier.state().next()).isEqualTo(5);
    assertThat(frontier.late()).isEqualTo(4);
    scan.write(5, 7);
    look(frontier);
    assertThat(frontier.state().next()).isEqualTo(7);
    assertThat(frontier.late()).isEqualTo(2);
  }

  @Test
  void whatWasGivenStaysGiven() throws IOException {
    Frontier frontier = frontier(GapPolicy.WAIT, scan);
    scan.write(0, 10);
    look(frontier);
    scan.keys.clear(2, 10);
    assertThat(look(frontier)).isFalse();
    assertThat(frontier.state().next()).isEqualTo(10);
  }

  @Test
  void aScanThatShrinksIsAnError() throws IOException {
    Frontier frontier = frontier(GapPolicy.WAIT, scan);
    scan.write(0, 10);
    look(frontier);
    scan.extent = 4;
    assertThatThrownBy(() -> look(frontier))
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining(ErrorCode.SCAN_CHANGED.name());
  }

  @Test
  void aGapStopsWhatIsBehindIt() throws IOException {
    Frontier frontier = frontier(GapPolicy.WAIT, scan);
    scan.write(0, 60).write(62, 200);
    look(frontier);
    assertThat(frontier.state()).isEqualTo(FrontierState.at(60));
    assertThat(frontier.advance(Long.MAX_VALUE, true)).isFalse();
  }

  @Test
  void skipsAGapThatIsFarBehind() throws IOException {
    Frontier frontier = frontier(GapPolicy.skipAfter(10), scan);
    scan.write(0, 60).write(62, 70);
    look(frontier);
    assertThat(frontier.state()).isEqualTo(FrontierState.at(60));
    scan.write(70, 71);
    look(frontier);
    assertThat(frontier.state()).isEqualTo(new FrontierState(61, FrameIntervals.of(60, 61)));
    scan.write(71, 200);
    look(frontier);
    assertThat(frontier.state()).isEqualTo(new FrontierState(200, FrameIntervals.of(60, 62)));
  }

  @Test
  void skipsAGapAfterATime() throws IOException {
    Frontier frontier = frontier(GapPolicy.skipAfter(Duration.ofSeconds(1)), scan);
    scan.write(0, 5);
    frontier.advance(0, false);
    scan.write(6, 8);
    frontier.advance(100, false);
    scan.write(9, 10);
    frontier.advance(900_000_000, false);
    assertThat(frontier.state()).isEqualTo(FrontierState.at(5));
    frontier.advance(1_000_000_100, false);
    assertThat(frontier.state()).isEqualTo(new FrontierState(8, FrameIntervals.of(5, 6)));
    frontier.advance(1_900_000_000, false);
    assertThat(frontier.state()).isEqualTo(new FrontierState(10, FrameIntervals.ofIndexes(5, 8)));
  }

  @Test
  void skipsAllGapsOnceTheWriterIsDone() throws IOException {
    Frontier frontier = frontier(GapPolicy.skipAfter(1000), scan);
    scan.write(0, 5).write(7, 9);
    scan.extent = 50;
    frontier.advance(0, true);
    assertThat(frontier.state()).isEqualTo(new FrontierState(9, FrameIntervals.of(5, 7)));
  }

  @Test
  void aSkippedFrameIsGivenWhenItComes() throws IOException {
    Frontier frontier = frontier(GapPolicy.skipAfter(1), scan);
    scan.write(0, 5).write(8, 12);
    look(frontier);
    FrontierState before = frontier.state();
    scan.keys(6, 7);
    assertThat(look(frontier)).as("its key alone is not enough").isFalse();
    scan.write(6, 7).write(12, 13);
    assertThat(look(frontier)).isTrue();
    assertThat(frontier.state().since(before)).isEqualTo(FrameIntervals.ofIndexes(6, 12));
    assertThat(frontier.state().skipped()).isEqualTo(FrameIntervals.ofIndexes(5, 7));
  }

  @Test
  void aFrameBehindAGapIsLateToo() throws IOException {
    Frontier frontier = frontier(GapPolicy.skipAfter(3), scan);
    scan.write(0, 5).keys(6, 8);
    look(frontier);
    assertThat(frontier.state()).isEqualTo(FrontierState.at(5));
    assertThat(frontier.late()).isEqualTo(2);
    scan.write(6, 7).write(8, 9).keys(10, 11);
    look(frontier);
    assertThat(frontier.state()).isEqualTo(new FrontierState(7, FrameIntervals.of(5, 6)));
    assertThat(frontier.late()).as("7 and 10").isEqualTo(2);
  }

  @Test
  void isCompleteWhenTheLimitIsReached() throws IOException {
    Frontier frontier = frontier(GapPolicy.WAIT, scan);
    scan.write(0, 5);
    look(frontier);
    assertThat(frontier.isComplete()).as("without a limit").isFalse();
    scan.limit = 5;
    Frontier limited = frontier(GapPolicy.WAIT, scan);
    look(limited);
    assertThat(limited.isComplete()).isTrue();
  }

  @Test
  void turnsCountEachWritersFrames() {
    for (long block : new long[] {1, 3}) {
      Turns turns = new Turns(4, block);
      long[] counts = new long[4];
      for (long index = 0; index < 100; index++) {
        int writer = turns.writer(index);
        assertThat(writer).isEqualTo((int) (index / block % 4));
        assertThat(turns.offset(index)).isEqualTo(counts[writer]);
        assertThat(turns.index(writer, turns.offset(index))).isEqualTo(index);
        counts[writer]++;
        for (int each = 0; each < 4; each++) {
          assertThat(turns.count(each, index + 1)).isEqualTo(counts[each]);
        }
      }
    }
  }

  /**
   * A writer that writes frames out of order, and a reader that dies at random and goes on from the
   * state that it stored, with batches of bounded size: every frame once, and the same frames in a
   * batch that is given again.
   */
  @Property(tries = 200)
  void everyFrameOnceWhateverHappens(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 3) int mode) throws Exception {
    Random random = new Random(seed);
    int frames = 1 + random.nextInt(60);
    GapPolicy gaps =
        switch (mode) {
          case 0 -> GapPolicy.WAIT;
          case 1 -> GapPolicy.skipAfter(1 + random.nextInt(5));
          case 2 -> GapPolicy.skipAfter(Duration.ofNanos(random.nextInt(5)));
          default -> GapPolicy.skipAfter(4).or(GapPolicy.skipAfter(Duration.ofNanos(3)));
        };
    MemoryScan written = new MemoryScan();
    Frontier frontier = frontier(gaps, written);
    List<Integer> toWrite = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      toWrite.add(Math.min(i, random.nextInt(i + 1) + random.nextInt(3)), i);
    }
    TreeMap<Long, Integer> given = new TreeMap<>();
    FrontierState stored = FrontierState.START;
    long time = 0;
    for (int i = 0; given.size() < frames; i++) {
      if (i < frames) {
        written.keys(toWrite.get(i), toWrite.get(i) + 1);
        if (random.nextBoolean()) {
          written.frames.or(written.keys);
        }
      } else {
        written.frames.or(written.keys);
      }
      frontier.advance(time++, i > frames);
      FrontierState end = frontier.state().limit(stored, 1 + random.nextInt(4));
      FrameIntervals batch = end.since(stored);
      assertThat(batch.count()).isLessThanOrEqualTo(4);
      assertThat(copy(end).since(copy(stored))).isEqualTo(batch);
      for (int k = 0; k < batch.size(); k++) {
        for (long frame = batch.from(k); frame < batch.to(k); frame++) {
          assertThat(written.frames.get((int) frame)).isTrue();
          given.merge(frame, 1, Integer::sum);
        }
      }
      stored = end;
      if (random.nextInt(5) == 0) {
        frontier = new Frontier(List.of(written), List.of(written), gaps, copy(stored));
      }
      assertThat(i).as("comes to an end").isLessThan(10 * frames + 10);
    }
    assertThat(given.values()).containsOnly(1);
    assertThat(stored).isEqualTo(FrontierState.at(frames));
  }

  private static FrontierState copy(FrontierState state) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(state);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (FrontierState) in.readObject();
    }
  }
}
