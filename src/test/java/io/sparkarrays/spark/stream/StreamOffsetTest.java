// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrontierState;
import io.sparkarrays.spark.options.StreamOptions;
import io.sparkarrays.spark.source.FrameKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamOffsetTest {

  private static final String FIRST = "/data/first.h5";
  private static final String SECOND = "/data/second.h5";

  private static FileProgress progress(long next, FrameIntervals skipped, boolean done) {
    Map<String, String> structure = Map.of("scan", "10", "/entry/data", "uint16 4,4");
    FrontierState state = new FrontierState(next, skipped);
    Optional<FrameKey> last = Optional.of(new FrameKey(next - 1, next));
    return new FileProgress("inode 7", structure, state, last, done);
  }

  private static StreamOffset offset(FileProgress first, FileProgress second) {
    Map<String, FileProgress> files = new LinkedHashMap<>();
    files.put(FIRST, first);
    files.put(SECOND, second);
    return new StreamOffset(2, files);
  }

  private static StreamOffset latest() {
    return offset(
        progress(12, FrameIntervals.of(3, 5), true), progress(6, FrameIntervals.EMPTY, true));
  }

  private static final StreamOffset INITIAL = new StreamOffset(2, Map.of());

  @Test
  void whatIsWrittenIsReadAgain() {
    StreamOffset read = StreamOffset.parse(latest().json());
    assertThat(read).isEqualTo(latest());
    assertThat(read.files()).isEqualTo(latest().files());
    assertThat(read.files().keySet()).containsExactly(FIRST, SECOND);
    assertThat(read.first()).isEqualTo(2);
    assertThat(StreamOffset.parse(INITIAL.json())).isEqualTo(INITIAL);
  }

  @Test
  void theTextStaysTheSame() {
    assertThat(
            new StreamOffset(0, Map.of(FIRST, progress(9, FrameIntervals.of(1, 2), false))).json())
        .isEqualTo(
            "{\"version\":1,\"first\":0,\"files\":[{\"path\":\"/data/first.h5\",\"identity\":\"inode"
                + " 7\",\"structure\":{\"/entry/data\":\"uint16 4,4\",\"scan\":\"10\"},"
                + "\"next\":9,\"skipped\":[[1,2]],\"last\":{\"frame\":8,\"key\":9},\"done\":false}]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "12",
        "{",
        "{\"version\":2,\"first\":0,\"files\":[]}",
        "{\"version\":1,\"files\":[]}",
        "{\"version\":1,\"first\":0}",
        "{\"version\":1,\"first\":0,\"files\":[{\"path\":\"/a\"}]}",
        "{\"version\":1,\"first\":0,\"files\":[{\"path\":\"/a\",\"identity\":\"1\",\"structure\":{},"
            + "\"next\":1,\"skipped\":[[4,6]],\"done\":false}]}",
        "{\"version\":1,\"first\":0,\"files\":[{\"path\":\"/a\",\"identity\":\"1\",\"structure\":{},"
            + "\"next\":9,\"skipped\":[[4]],\"done\":false}]}"
      })
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> StreamOffset.parse(text)).hasMessageContaining("CHECKPOINT_INVALID");
  }

  @Test
  void framesOfABatchAreThoseBetweenItsOffsets() {
    assertThat(latest().since(INITIAL, FIRST))
        .isEqualTo(FrameIntervals.of(2, 12).intersect(FrameIntervals.of(3, 5).complement(12)));
    assertThat(latest().count(INITIAL)).isEqualTo(8 + 4);
    assertThat(latest().count(latest())).isZero();
  }

  @Test
  void aLimitGivesAllFramesOnceAndInOrder() {
    BatchLimit limit = BatchLimit.of(ReadLimit.maxRows(3), 32);
    StreamOffset at = INITIAL;
    FrameIntervals first = FrameIntervals.EMPTY;
    FrameIntervals second = FrameIntervals.EMPTY;
    int batches = 0;
    while (!at.equals(latest())) {
      StreamOffset next = StreamOffset.parse(limit.apply(at, latest(), 1).json());
      assertThat(next.count(at)).isBetween(1L, 3L);
      assertThat(next.since(at, FIRST).intersect(first).isEmpty()).isTrue();
      assertThat(next.since(at, SECOND).intersect(second).isEmpty()).isTrue();
      first = first.union(next.since(at, FIRST));
      second = second.union(next.since(at, SECOND));
      at = next;
      batches++;
    }
    assertThat(batches).isEqualTo(4);
    assertThat(first).isEqualTo(latest().since(INITIAL, FIRST));
    assertThat(second).isEqualTo(latest().since(INITIAL, SECOND));
  }

  @Test
  void aLimitCutsAtMultiples() {
    BatchLimit limit = BatchLimit.of(ReadLimit.maxRows(3), 32);
    StreamOffset open =
        offset(
            progress(12, FrameIntervals.of(3, 5), false), progress(6, FrameIntervals.EMPTY, true));
    StreamOffset whole = open.align(INITIAL, 5);
    assertThat(whole.state(FIRST)).isEqualTo(new FrontierState(10, FrameIntervals.of(3, 5)));
    assertThat(whole.state(SECOND)).isEqualTo(open.state(SECOND));
    assertThat(whole.align(INITIAL, 1)).isSameAs(whole);
    List<String> batches = new ArrayList<>();
    StreamOffset at = INITIAL;
    while (!at.equals(whole)) {
      StreamOffset next = limit.apply(at, whole, 5);
      batches.add(next.since(at, FIRST) + " " + next.since(at, SECOND));
      at = next;
    }
    // The first frame that is wanted is 2; frames 3 and 4 are missing.
    assertThat(batches).containsExactly("[2:3] [2:6]", "[5:10] []");
    // Nothing goes back, and late frames are given.
    StreamOffset late =
        offset(progress(13, FrameIntervals.EMPTY, false), progress(6, FrameIntervals.EMPTY, true));
    assertThat(late.align(open, 5).state(FIRST)).isEqualTo(FrontierState.at(12));
    assertThat(late.align(open, 5).since(open, FIRST)).isEqualTo(FrameIntervals.of(3, 5));
  }

  @Test
  void limitsComeThroughSparksTerms() {
    StreamOptions options =
        StreamOptions.of(
            Map.of(
                "maxFramesPerTrigger", "7",
                "maxBytesPerTrigger", "100",
                "minFrames", "2",
                "maxTriggerDelay", "1.5"));
    assertThat(BatchLimit.of(BatchLimit.of(options), 32))
        .isEqualTo(new BatchLimit(3, 2, Duration.ofMillis(1500)));
    assertThat(BatchLimit.of(BatchLimit.of(options), 1000).most()).isEqualTo(1);
    assertThat(BatchLimit.of(BatchLimit.of(options), 0).most()).isEqualTo(7);
    assertThat(BatchLimit.of(ReadLimit.allAvailable(), 32).most()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void anotherFileIsRefused() {
    FileProgress known = progress(9, FrameIntervals.EMPTY, false);
    assertThatThrownBy(() -> known.requireSame(FIRST, "inode 8", Optional.empty()))
        .hasMessageContaining("SCAN_CHANGED")
        .hasMessageContaining("to frame 9");
    FileProgress made =
        new FileProgress(
            known.identity(), Map.of("made", "today"), known.state(), known.last(), known.done());
    made.requireSame(FIRST, known.identity(), Optional.of("today"));
    made.requireSame(FIRST, known.identity(), Optional.empty());
    known.requireSame(FIRST, known.identity(), Optional.of("today"));
    assertThatThrownBy(() -> made.requireSame(FIRST, known.identity(), Optional.of("later")))
        .hasMessageContaining("SCAN_CHANGED")
        .hasMessageContaining("made later, it was made today");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gapFrames=3",
        "gaps=skip,gapFrames=0",
        "endOn=finished",
        "startingIndex=-1",
        "alignFrames=4,maxFramesPerTrigger=3",
        "alignFrames=0"
      })
  void optionsThatContradictAreRefused(String pairs) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String pair : pairs.split(",")) {
      options.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    assertThatThrownBy(() -> StreamOptions.of(options)).hasMessageContaining("OPTION_INVALID");
  }
}
