// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.MissingMode;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Four files of ten frames, of which the second and fourth are nowhere. */
class FrameSelectionTest {

  /** Files of a scan of 40 frames on hosts that answered or did not. */
  private record Files(FrameFiles files) implements FrameSource {
    @Override
    public String description() {
      return "test data";
    }

    @Override
    public Shape scan() {
      return Shape.of(40);
    }

    @Override
    public List<String> dims() {
      return List.of("scan_0");
    }

    @Override
    public List<FrameColumn> columns() {
      return List.of();
    }

    @Override
    public FrameOpener opener() {
      throw new UnsupportedOperationException();
    }
  }

  private static FrameSource source(String... silent) {
    List<FrameRange> ranges =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(
                i -> new FrameRange("/f" + i, 10L * i, 10L * i + 10, i, i % 2 == 0, List.of()))
            .toList();
    return new Files(
        new FrameFiles(ranges, new TreeSet<>(List.of("a")), new TreeSet<>(List.of(silent))));
  }

  private static ScanPlan plan(FrameIntervals frames, OptionalInt limit) {
    return new ScanPlan(
        List.of(), frames, new FrameChoice(List.of(), limit, 0), List.of(), List.of(), List.of());
  }

  private static ScanPlan all() {
    return plan(FrameIntervals.of(0, 40), OptionalInt.empty());
  }

  private static FrameIntervals present() {
    return FrameIntervals.of(0, 10).union(FrameIntervals.of(20, 30));
  }

  @Test
  void failNamesWhatIsMissingAndWhoWasAsked() {
    assertThat(
            assertRefused(
                ErrorCode.PARTITION_MISSING,
                () -> FrameSelection.of(source(), all(), MissingMode.FAIL)))
        .contains("test data", "partitions 1 (frames 10:20), 3 (frames 30:40)", "asked [a]")
        .contains("missing = skip or fill");
    assertThat(
            assertRefused(
                ErrorCode.PARTITION_MISSING,
                () -> FrameSelection.of(source("b"), all(), MissingMode.FAIL)))
        .contains("no answer from [b]");
  }

  @Test
  void whatIsNotWantedIsNotMissed() {
    for (MissingMode mode : MissingMode.values()) {
      FrameIntervals wanted = FrameIntervals.of(3, 10).union(FrameIntervals.of(25, 30));
      assertThat(FrameSelection.of(source("b"), plan(wanted, OptionalInt.empty()), mode).frames())
          .isEqualTo(wanted);
      assertThat(
              FrameSelection.of(source(), plan(FrameIntervals.of(0, 40), OptionalInt.of(10)), mode)
                  .frames())
          .isEqualTo(FrameIntervals.of(0, 10));
    }
  }

  @Test
  void skipLeavesOutAndLimitsWhatIsLeft() {
    assertThat(FrameSelection.of(source(), all(), MissingMode.SKIP).frames()).isEqualTo(present());
    assertThat(
            FrameSelection.of(
                    source(), plan(FrameIntervals.of(5, 40), OptionalInt.of(7)), MissingMode.SKIP)
                .frames())
        .isEqualTo(FrameIntervals.of(5, 10).union(FrameIntervals.of(20, 22)));
  }

  @Test
  void fillTakesAll() {
    assertThat(FrameSelection.of(source(), all(), MissingMode.FILL).frames())
        .isEqualTo(FrameIntervals.of(0, 40));
  }

  @Test
  void aSilentHostMayHaveIt() {
    for (MissingMode mode : List.of(MissingMode.SKIP, MissingMode.FILL)) {
      assertThat(
              assertRefused(
                  ErrorCode.HOSTS_UNKNOWN, () -> FrameSelection.of(source("b"), all(), mode)))
          .contains("no answer from [b]", "partitions 1 (frames 10:20), 3 (frames 30:40)");
    }
  }

  @Test
  void aLongListIsShortened() {
    List<FrameRange> ranges =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(i -> new FrameRange("/f" + i, i, i + 1, i, false, List.of()))
            .toList();
    FrameSource source = new Files(new FrameFiles(ranges, new TreeSet<>(), new TreeSet<>()));
    assertThat(
            assertRefused(
                ErrorCode.PARTITION_MISSING,
                () -> FrameSelection.of(source, all(), MissingMode.FAIL)))
        .contains("19 (frames 19:20) and 20 more", "asked this host");
  }
}
