// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.FrameSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.Not;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

/** Predicates on metadata columns of files of different length. */
class FilePredicatesTest {

  /** A data set of files. */
  private record Files(List<FrameRange> ranges) implements FrameSource {
    @Override
    public String description() {
      return "scan é";
    }

    @Override
    public Shape scan() {
      return Shape.of(ranges.get(ranges.size() - 1).to());
    }

    @Override
    public List<String> dims() {
      return List.of("scan_0");
    }

    @Override
    public List<FrameColumn> columns() {
      return List.of(new FrameColumn("frame", Dtype.parse("uint8"), Shape.of(1), "frame"));
    }

    @Override
    public FrameFiles files() {
      return new FrameFiles(ranges, new TreeSet<>(), Collections.emptySortedSet());
    }

    @Override
    public FrameOpener opener() {
      throw new UnsupportedOperationException();
    }
  }

  // In UTF-16 the last but one comes after the last, in UTF-8 before it.
  private static final List<String> NAMES =
      List.of("/d/a", "/d/b", "/d/b.1", "/d/é", "/d/\ufffd", "/d/\ud83d\ude00");

  /** Files of 1, 2, 3, … frames. */
  private static Files files(int count) {
    List<FrameRange> ranges = new ArrayList<>();
    long from = 0;
    for (int i = 0; i < count; i++) {
      String name = i < NAMES.size() ? NAMES.get(i) : "/e/" + i;
      ranges.add(new FrameRange(name, from, from + i + 1, i, true, List.of()));
      from += i + 1;
    }
    return new Files(ranges);
  }

  private static Optional<FrameIntervals> frames(Files files, Predicate predicate) {
    TableSchema schema = TableSchema.of(files, ReadOptions.of(Map.of("path", "/d")));
    return new FramePredicates(schema, files).frames(predicate);
  }

  private static Predicate predicate(String name, String column, Object... values) {
    Expression[] children = new Expression[values.length + 1];
    children[0] = Expressions.column(column);
    for (int i = 0; i < values.length; i++) {
      children[i + 1] =
          values[i] instanceof String text
              ? literal(UTF8String.fromString(text), DataTypes.StringType)
              : Expressions.literal(values[i]);
    }
    return new Predicate(name, children);
  }

  private static Literal<Object> literal(Object value, DataType type) {
    return new Literal<>() {
      @Override
      public Object value() {
        return value;
      }

      @Override
      public DataType dataType() {
        return type;
      }
    };
  }

  private static void assertFiles(Predicate predicate, int... wanted) {
    Files files = files(NAMES.size());
    FrameIntervals set = FrameIntervals.EMPTY;
    for (int file : wanted) {
      FrameRange range = files.ranges().get(file);
      set = set.union(FrameIntervals.of(range.from(), range.to()));
    }
    assertThat(frames(files, predicate)).as(predicate.name()).contains(set);
    assertThat(frames(files, new Not(predicate))).contains(set.complement(files.scan().size()));
  }

  @Test
  void textIsComparedByItsBytes() {
    assertFiles(predicate("=", "_file", "/d/b"), 1);
    assertFiles(predicate("<=>", "_file", "/d/b.1"), 2);
    assertFiles(predicate("<>", "_file", "/d/é"), 0, 1, 2, 4, 5);
    assertFiles(predicate("<", "_file", "/d/b.1"), 0, 1);
    assertFiles(predicate("<=", "_file", "/d/b.1"), 0, 1, 2);
    assertFiles(predicate(">", "_file", "/d/\ufffd"), 5);
    assertFiles(predicate(">=", "_file", "/d/\ud83d\ude00"), 5);
    assertFiles(predicate("IN", "_file", "/d/a", "/d/é", "/nowhere", "/d/a"), 0, 3);
    assertFiles(predicate("STARTS_WITH", "_file", "/d/b"), 1, 2);
    assertFiles(predicate("ENDS_WITH", "_file", "1"), 2);
    assertFiles(predicate("CONTAINS", "_file", "/"), 0, 1, 2, 3, 4, 5);
    assertFiles(predicate("=", "_dataset", "scan é"), 0, 1, 2, 3, 4, 5);
    assertFiles(predicate("STARTS_WITH", "_dataset", "other"));
    assertFiles(predicate("IS_NOT_NULL", "_file"), 0, 1, 2, 3, 4, 5);
    assertFiles(predicate("IS_NULL", "_offset"));
  }

  @Test
  void filesAreFoundByNumber() {
    assertFiles(predicate("=", "_partition", 3), 3);
    assertFiles(predicate(">", "_partition", 3L), 4, 5);
    assertFiles(predicate("<>", "_partition", 0), 1, 2, 3, 4, 5);
    assertFiles(predicate("IN", "_partition", 5, -1, 2, 77), 2, 5);
  }

  @Test
  void offsetsCountAnewInEachFile() {
    Files files = files(4);
    assertThat(frames(files, predicate("=", "_offset", 0L)))
        .contains(FrameIntervals.ofIndexes(0, 1, 3, 6));
    assertThat(frames(files, predicate(">=", "_offset", 2L)))
        .contains(FrameIntervals.ofIndexes(5, 8, 9));
    assertThat(frames(files, predicate("IN", "_offset", 1L, 3L, 4L)))
        .contains(FrameIntervals.ofIndexes(2, 4, 7, 9));
    assertThat(frames(files, predicate("<", "_offset", Long.MAX_VALUE)))
        .contains(FrameIntervals.of(0, 10));
  }

  @Test
  void whatIsNoExactSetIsLeftToSpark() {
    Files files = files(4);
    StringType caseless = StringType.apply("UTF8_LCASE");
    Literal<Object> lower = literal(UTF8String.fromString("/D/A"), caseless);
    Expression file = Expressions.column("_file");
    for (Predicate predicate :
        List.of(
            predicate("=", "_file", 3),
            predicate("=", "_partition", "3"),
            predicate("STARTS_WITH", "_partition", 3),
            predicate("IN", "_file", "/d/a", 3),
            predicate("IN", "_offset", 1, "1"),
            new Predicate("=", new Expression[] {file, lower}),
            new Predicate("IN", new Expression[] {file, lower}),
            new Predicate("=", new Expression[] {file, file}),
            predicate("LIKE", "_file", "/d/%"),
            predicate("=", "frame", "/d/a"))) {
      assertThat(frames(files, predicate)).as(Arrays.toString(predicate.children())).isEmpty();
    }
  }

  @Test
  void offsetsOfTooManyFilesAreLeftToSpark() {
    long files = WholeColumn.MAX_INTERVALS / 2 + 1;
    List<FrameRange> ranges =
        IntStream.range(0, (int) files)
            .mapToObj(i -> new FrameRange("/f", 8L * i, 8L * i + 8, i, true, List.of()))
            .toList();
    assertThat(frames(new Files(ranges), predicate("IN", "_offset", 1, 3))).isEmpty();
    assertThat(frames(new Files(ranges), predicate("=", "_offset", 1)).orElseThrow().count())
        .isEqualTo(files);
  }
}
