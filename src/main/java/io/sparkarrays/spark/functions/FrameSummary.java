// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.functions;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.reduce.FrameStatistics;
import java.io.Serial;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * {@code frame_sum}, {@code frame_mean}, {@code frame_std}: DOUBLE; {@code frame_min}, {@code
 * frame_max}: the element's type, of binary frames DOUBLE, and null if the frame is empty.
 */
public final class FrameSummary extends FrameFunction {
  @Serial private static final long serialVersionUID = 1L;

  /** What a frame is reduced to. */
  enum Kind {
    SUM,
    MEAN,
    STD,
    MIN,
    MAX;

    /** The function's name. */
    String functionName() {
      return "frame_" + name().toLowerCase(Locale.ROOT);
    }
  }

  private final Kind kind;

  FrameSummary(Kind kind, Call call) {
    super(
        call, kind == Kind.MIN || kind == Kind.MAX ? call.frame().element() : DataTypes.DoubleType);
    this.kind = kind;
  }

  /** Called for array frames. */
  public Object invoke(ArrayData frame) {
    if (frame == null) {
      return null;
    }
    Workspace work = Workspace.get();
    return reduce(work, work.frame().at(frame, call().frame()));
  }

  /** Called for binary frames. */
  public Object invoke(byte[] frame, UTF8String dtype) {
    if (frame == null || dtype == null) {
      return null;
    }
    Workspace work = Workspace.get();
    return reduce(work, work.frame().at(frame, dtype));
  }

  private Object reduce(Workspace work, FrameArgument frame) {
    FrameStatistics statistics = work.statistics();
    return switch (kind) {
      case SUM -> statistics.sum(frame.type(), frame.memory(), frame.size());
      case MEAN -> statistics.mean(frame.type(), frame.memory(), frame.size());
      case STD -> statistics.deviation(frame.type(), frame.memory(), frame.size());
      case MIN -> extreme(statistics, frame, false);
      case MAX -> extreme(statistics, frame, true);
    };
  }

  private Object extreme(FrameStatistics statistics, FrameArgument frame, boolean greatest) {
    if (frame.size() == 0) {
      return null;
    }
    ElementType type = frame.type();
    if (FrameStatistics.integral(type)) {
      long value = statistics.integerExtreme(greatest, type, frame.memory(), frame.size());
      return call().frame().binary()
          ? (Object) SparkValues.asDouble(type, value)
          : SparkValues.integer(type, value);
    }
    double value = statistics.extreme(greatest, type, frame.memory(), frame.size());
    return call().frame().binary() ? (Object) value : SparkValues.floating(type, value);
  }

  @Override
  public Object produceResult(InternalRow row) {
    if (row.isNullAt(0)) {
      return null;
    }
    if (!call().frame().binary()) {
      return invoke(row.getArray(0));
    }
    return row.isNullAt(1) ? null : invoke(row.getBinary(0), row.getUTF8String(1));
  }
}
