// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.FrameLayout;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.RandomDataSet;
import io.sparkarrays.spark.options.ReadOptions;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameFiles;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.filter.AlwaysFalse;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.And;
import org.apache.spark.sql.connector.expressions.filter.Not;
import org.apache.spark.sql.connector.expressions.filter.Or;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/** Predicates as Spark hands them over, against their meaning row by row. */
class FramePredicatesProperties {

  /** A data set of a scan; no frame of it is read here. */
  private record Scanned(Shape scan) implements FrameSource {
    @Override
    public String description() {
      return "scan " + scan;
    }

    @Override
    public List<String> dims() {
      return IntStream.range(0, scan.rank()).mapToObj(axis -> "scan_" + axis).toList();
    }

    @Override
    public List<FrameColumn> columns() {
      return List.of(new FrameColumn("frame", Dtype.parse("uint8"), Shape.of(1), "frame"));
    }

    @Override
    public FrameFiles files() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FrameOpener opener() {
      throw new UnsupportedOperationException();
    }
  }

  /** The translator of a scan, and each index column's values by the frame's index. */
  private record Given(Shape scan, FramePredicates translator, FrameLayout layout) {
    static Given of(Shape scan) {
      ReadOptions options = ReadOptions.of(Map.of("path", "/data"));
      FrameSource source = new Scanned(scan);
      FramePredicates translator = new FramePredicates(TableSchema.of(source, options), source);
      return new Given(scan, translator, new FrameLayout(scan, Shape.of()));
    }

    String column(int at) {
      return at == 0 ? "frame_index" : "scan_" + (at - 1);
    }

    int columns() {
      return scan.rank() < 2 ? 1 : 1 + scan.rank();
    }

    long extent(int at) {
      return at == 0 ? scan.size() : scan.dim(at - 1);
    }

    long value(int at, long frame) {
      return at == 0 ? frame : layout.coordinate(frame, at - 1);
    }
  }

  private static Predicate predicate(String name, Expression... children) {
    return new Predicate(name, children);
  }

  private static Literal<?> literal(Random random, long extent) {
    long value = random.nextInt(5) == 0 ? random.nextLong() : random.nextInt((int) extent + 4) - 2;
    DataType[] types = {DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType};
    if (value == (byte) value && random.nextBoolean()) {
      DataType type = types[random.nextInt(3)];
      Object boxed =
          type == DataTypes.ByteType
              ? (Object) (byte) value
              : type == DataTypes.ShortType ? (Object) (short) value : (Object) (int) value;
      return literalOf(boxed, type);
    }
    return literalOf(value, DataTypes.LongType);
  }

  private static Literal<Object> literalOf(Object value, DataType type) {
    return new Literal<>() {
      @Override
      public Object value() {
        return value;
      }

      @Override
      public DataType dataType() {
        return type;
      }

      @Override
      public String toString() {
        return String.valueOf(value);
      }
    };
  }

  private static Predicate random(Random random, Given given, int depth) {
    if (depth > 0 && random.nextInt(4) > 0) {
      Predicate a = random(random, given, depth - 1);
      Predicate b = random(random, given, depth - 1);
      return switch (random.nextInt(3)) {
        case 0 -> new And(a, b);
        case 1 -> new Or(a, b);
        default -> new Not(a);
      };
    }
    int at = random.nextInt(given.columns());
    Expression column = Expressions.column(given.column(at));
    return switch (random.nextInt(8)) {
      case 0 -> new AlwaysTrue();
      case 1 -> new AlwaysFalse();
      case 2 -> predicate(random.nextBoolean() ? "IS_NULL" : "IS_NOT_NULL", column);
      case 3 -> {
        Expression[] children = new Expression[2 + random.nextInt(6)];
        Arrays.setAll(children, i -> literal(random, given.extent(at)));
        children[0] = column;
        yield predicate("IN", children);
      }
      default -> {
        String[] names = {"=", "<=>", "<>", "<", "<=", ">", ">="};
        String name = names[random.nextInt(names.length)];
        Literal<?> literal = literal(random, given.extent(at));
        yield random.nextBoolean()
            ? predicate(name, column, literal)
            : predicate(name, literal, column);
      }
    };
  }

  /** What a predicate says of one frame. */
  private static boolean holds(Predicate predicate, Given given, long frame) {
    Expression[] children = predicate.children();
    return switch (predicate.name()) {
      case "AND" ->
          holds((Predicate) children[0], given, frame)
              && holds((Predicate) children[1], given, frame);
      case "OR" ->
          holds((Predicate) children[0], given, frame)
              || holds((Predicate) children[1], given, frame);
      case "NOT" -> !holds((Predicate) children[0], given, frame);
      case "ALWAYS_TRUE", "IS_NOT_NULL" -> true;
      case "ALWAYS_FALSE", "IS_NULL" -> false;
      case "IN" ->
          Arrays.stream(children)
              .skip(1)
              .anyMatch(child -> value(child, given, frame) == value(children[0], given, frame));
      default -> {
        int order =
            Long.compare(value(children[0], given, frame), value(children[1], given, frame));
        yield switch (predicate.name()) {
          case "=", "<=>" -> order == 0;
          case "<>" -> order != 0;
          case "<" -> order < 0;
          case "<=" -> order <= 0;
          case ">" -> order > 0;
          default -> order >= 0;
        };
      }
    };
  }

  private static long value(Expression expression, Given given, long frame) {
    if (expression instanceof Literal<?> literal) {
      return ((Number) literal.value()).longValue();
    }
    for (int at = 0; at < given.columns(); at++) {
      if (expression.describe().equals(given.column(at))) {
        return given.value(at, frame);
      }
    }
    throw new AssertionError(expression);
  }

  @Property(tries = 1500)
  void framesAreThoseForWhichItIsTrue(@ForAll Random random) {
    Given given = Given.of(RandomDataSet.shape(random, 1 + random.nextInt(4), 5));
    Predicate predicate = random(random, given, 4);
    FrameIntervals frames = given.translator().frames(predicate).orElseThrow();
    for (long frame = 0; frame < given.scan().size(); frame++) {
      assertThat(frames.contains(frame))
          .as("frame %d of %s: %s", frame, given.scan(), predicate)
          .isEqualTo(holds(predicate, given, frame));
    }
    assertThat(frames.within(0, given.scan().size())).isEqualTo(frames);
  }

  @Test
  void whatIsNoExactSetIsLeftToSpark() {
    Given given = Given.of(Shape.of(4, 5));
    Expression index = Expressions.column("frame_index");
    Expression one = Expressions.literal(1L);
    Predicate exact = predicate("=", index, one);
    List<Predicate> refused =
        List.of(
            predicate("=", index, Expressions.literal(1.5)),
            predicate("=", Expressions.column("frame"), one),
            predicate("=", Expressions.column("no_such"), one),
            predicate("=", index, Expressions.column("scan_0")),
            predicate("=", index, literalOf(null, DataTypes.LongType)),
            predicate("IN", index, one, literalOf(null, DataTypes.LongType)),
            predicate("STARTS_WITH", index, one),
            predicate("IS_NULL", Expressions.column("frame")));
    for (Predicate predicate : refused) {
      assertThat(given.translator().frames(predicate)).as(predicate.name()).isEmpty();
      assertThat(given.translator().frames(new Not(predicate))).isEmpty();
      assertThat(given.translator().frames(new And(exact, predicate))).isEmpty();
      assertThat(given.translator().frames(new Or(predicate, exact))).isEmpty();
    }
  }

  @Test
  void aSetOfTooManyIntervalsIsLeftToSpark() {
    Given given = Given.of(Shape.of(3_000_000, 2));
    Predicate everyOther = predicate("=", Expressions.column("scan_1"), Expressions.literal(1L));
    assertThat(given.translator().frames(everyOther)).isEmpty();
    Predicate rows = predicate("<", Expressions.column("scan_0"), Expressions.literal(7L));
    assertThat(given.translator().frames(rows)).isEqualTo(Optional.of(FrameIntervals.of(0, 14)));
    Predicate all = predicate(">=", Expressions.column("scan_1"), Expressions.literal(0L));
    assertThat(given.translator().frames(all))
        .isEqualTo(Optional.of(FrameIntervals.of(0, 6_000_000)));
  }
}
