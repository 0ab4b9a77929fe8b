// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.TimeUnit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Points and spans of time. What is finer than Spark's microseconds is rounded down, as numpy's
 * {@code astype} does it.
 */
final class TimeValues implements ValueDecoder {

  /** numpy's {@code NaT}. */
  private static final long NONE = Long.MIN_VALUE;

  private static final int MONTHS = 12;

  private final ValueType.Time type;
  private final int validity;
  private final long factor;
  private final long divisor;
  private final boolean narrow;
  private final boolean calendar;

  /**
   * @param validity the place of the vector's validity, which its data follow
   */
  TimeValues(ValueType.Time type, int validity) {
    this.type = type;
    this.validity = validity;
    DataType target = sparkType(type);
    this.narrow = VectorPlan.width(target) == Integer.SIZE;
    this.calendar = target.equals(DataTypes.DateType) && type.unit().compareTo(TimeUnit.WEEK) < 0;
    this.factor = Math.multiplyExact(factor(type.unit(), narrow), (long) type.multiple());
    this.divisor = divisor(type.unit());
  }

  /** What such values are in Spark. */
  static DataType sparkType(ValueType.Time type) {
    boolean months = type.unit().compareTo(TimeUnit.MONTH) <= 0;
    if (type.span()) {
      return months
          ? DataTypes.createYearMonthIntervalType()
          : DataTypes.createDayTimeIntervalType();
    }
    boolean days = type.unit().compareTo(TimeUnit.DAY) <= 0;
    return days ? DataTypes.DateType : DataTypes.TimestampNTZType;
  }

  /** Months, days or microseconds in a unit that has one at least. */
  private static long factor(TimeUnit unit, boolean narrow) {
    long day = narrow ? 1 : 86_400_000_000L;
    return switch (unit) {
      case YEAR -> MONTHS;
      case WEEK -> 7 * day;
      case DAY -> day;
      case HOUR -> 3_600_000_000L;
      case MINUTE -> 60_000_000;
      case SECOND -> 1_000_000;
      case MILLISECOND -> 1000;
      default -> 1;
    };
  }

  private static long divisor(TimeUnit unit) {
    return switch (unit) {
      case NANOSECOND -> 1000;
      case PICOSECOND -> 1_000_000;
      case FEMTOSECOND -> 1_000_000_000;
      case ATTOSECOND -> 1_000_000_000_000L;
      default -> 1;
    };
  }

  @Override
  public void decode(ByteBuffer stored, int first, int count, VectorBuffers out) {
    ByteBuffer in =
        stored.slice().order(type.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    long end = (long) first + count;
    ByteBuffer bits = out.reserve(validity, end);
    ByteBuffer data = out.reserve(validity + 1, end);
    for (int i = 0; i < count; i++) {
      long value = in.getLong(i * Long.BYTES);
      int at = first + i;
      int mask = 1 << (at & 7);
      int others = bits.get(at >> 3) & ~mask;
      bits.put(at >> 3, (byte) (value == NONE ? others : others | mask));
      long converted = value == NONE ? 0 : convert(value);
      if (narrow) {
        data.putInt(at * Integer.BYTES, (int) converted);
      } else {
        data.putLong(at * Long.BYTES, converted);
      }
    }
    stored.position(stored.limit());
  }

  private long convert(long value) {
    try {
      long converted = Math.floorDiv(Math.multiplyExact(value, factor), divisor);
      if (calendar) {
        int year = Math.toIntExact(1970 + Math.floorDiv(converted, MONTHS));
        int month = 1 + Math.floorMod(converted, MONTHS);
        converted = LocalDate.of(year, month, 1).toEpochDay();
      }
      return narrow ? Math.toIntExact(converted) : converted;
    } catch (ArithmeticException | DateTimeException e) {
      throw new ArrayException(
          ErrorCode.VALUE_OUT_OF_RANGE,
          "a value of " + type,
          value + " is more than Spark's " + sparkType(type).sql() + " can hold",
          "Write it with another unit, or as int64: view('int64')",
          e);
    }
  }
}
