// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementDecoder;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Member;
import io.sparkarrays.core.ValueType.Padding;
import io.sparkarrays.core.ValueType.TimeUnit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Types and values at random, their bytes as a file would hold them, and what Spark shall show.
 * What is of variable length stands in a list, and a reference is its number from 1.
 */
final class RandomValues {

  private static final String[] WORDS = {"", "a", "beam", "µm", "漢字", "\ud83d\ude00 x", "a\0b"};

  private final Random random;
  private final List<byte[]> heap = new ArrayList<>();

  RandomValues(Random random) {
    this.random = random;
  }

  /** Any type, nested at most so deep. */
  ValueType type(int depth) {
    int kind = random.nextInt(depth == 0 ? 8 : 12);
    return switch (kind) {
      case 0 -> plain();
      case 1 -> new ValueType.Text(random.nextInt(9), Encoding.UTF_8, Padding.NULL_PADDED);
      case 2 ->
          new ValueType.Text(
              4 * random.nextInt(4),
              random.nextBoolean() ? Encoding.UTF_32LE : Encoding.UTF_32BE,
              Padding.NULL_PADDED);
      case 3 -> new ValueType.Opaque(random.nextInt(7));
      case 4 ->
          new ValueType.Enumeration(
              Dtype.parse(random.nextBoolean() ? ">i2" : "u1"),
              Map.of(0L, "off", 1L, "an", 7L, ""));
      case 5 ->
          new ValueType.Time(
              random.nextBoolean(),
              random.nextBoolean(),
              List.of(TimeUnit.YEAR, TimeUnit.DAY, TimeUnit.SECOND, TimeUnit.NANOSECOND)
                  .get(random.nextInt(4)),
              1);
      case 6 -> new ValueType.VariableText(16, Padding.NULL_TERMINATED);
      case 7 -> new ValueType.Converted(3, Dtype.of(ElementType.UINT16), new Odd());
      case 8, 9 -> compound(depth);
      case 10 ->
          new ValueType.FixedArray(
              random.nextBoolean() ? Shape.of(3) : Shape.of(2, 2), type(depth - 1));
      default -> new ValueType.Sequence(12, type(depth - 1));
    };
  }

  private ValueType plain() {
    String[] names = {"bool", "int8", "uint8", ">i4", ">u4", "int64", "float64", ">f4", ">c8"};
    return new ValueType.Plain(Dtype.parse(names[random.nextInt(names.length)]));
  }

  private ValueType compound(int depth) {
    List<Member> members = new ArrayList<>();
    int at = random.nextInt(3);
    for (int i = 0; i <= random.nextInt(4); i++) {
      ValueType type = type(depth - 1);
      members.add(new Member("m" + i, at, type));
      at += type.size() + random.nextInt(3);
    }
    return new ValueType.Compound(at, members);
  }

  /** Numbers of three bytes, of which two count. */
  private record Odd() implements ValueType.Conversion {
    private static final long serialVersionUID = 1L;

    @Override
    public ElementDecoder decoder() {
      return (source, first, destinations) -> {
        for (int to = (int) first * 2; source.hasRemaining(); to += 2) {
          source.get();
          destinations[0].put(to, source.get()).put(to + 1, source.get());
        }
      };
    }
  }

  /** Makes a frame, writes its bytes and gives what Spark shall show. */
  Object put(ValueType type, Shape frame, boolean nested, ByteBuffer out, int at) {
    if (frame.rank() == 0) {
      return put(type, out, at);
    }
    Shape shape = nested ? frame : Shape.of(frame.size());
    return put(new ValueType.FixedArray(shape, type), out, at);
  }

  private Object put(ValueType type, ByteBuffer out, int at) {
    if (type instanceof ValueType.Plain plain) {
      return number(plain.dtype(), out, at);
    } else if (type instanceof ValueType.Converted) {
      int value = random.nextInt(1 << 16);
      out.put(at, (byte) 77).put(at + 1, (byte) value).put(at + 2, (byte) (value >> 8));
      return (long) value;
    } else if (type instanceof ValueType.Text text) {
      return text(text, out, at);
    } else if (type instanceof ValueType.Opaque opaque) {
      byte[] bytes = new byte[opaque.size()];
      random.nextBytes(bytes);
      out.put(at, bytes);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } else if (type instanceof ValueType.Enumeration names) {
      int value = random.nextInt(9);
      if (names.base().size() == 1) {
        out.put(at, (byte) value);
      } else {
        out.order(ByteOrder.BIG_ENDIAN).putShort(at, (short) value);
      }
      return names.names().getOrDefault((long) value, Integer.toString(value));
    } else if (type instanceof ValueType.Time time) {
      return time(time, out, at);
    } else if (type instanceof ValueType.Compound compound) {
      Map<String, Object> members = new LinkedHashMap<>();
      compound.members().forEach(m -> members.put(m.name(), put(m.type(), out, at + m.offset())));
      return members;
    } else if (type instanceof ValueType.FixedArray array) {
      return array(array.shape(), array.element(), out, at);
    } else if (type instanceof ValueType.VariableText) {
      String word = WORDS[random.nextInt(WORDS.length)].repeat(random.nextInt(40));
      if (!word.isEmpty() || random.nextBoolean()) {
        refer((word + "\0\0").getBytes(StandardCharsets.UTF_8), out, at);
      }
      int end = word.indexOf('\0');
      return end < 0 ? word : word.substring(0, end);
    }
    ValueType element = ((ValueType.Sequence) type).element();
    int count = element.size() == 0 ? 0 : random.nextInt(6);
    ByteBuffer elements = ByteBuffer.allocate(count * element.size());
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(put(element, elements, i * element.size()));
    }
    if (count > 0 || random.nextBoolean()) {
      refer(elements.array(), out, at);
    }
    return values;
  }

  private Object number(Dtype dtype, ByteBuffer out, int at) {
    out.order(dtype.order());
    int value = random.nextInt(128);
    switch (dtype.type()) {
      case BOOL -> out.put(at, (byte) (value & 1));
      case INT8, UINT8 -> out.put(at, (byte) value);
      case INT32, UINT32 -> out.putInt(at, value);
      case INT64 -> out.putLong(at, value);
      case FLOAT32 -> out.putFloat(at, value);
      case FLOAT64 -> out.putDouble(at, value);
      default -> {
        out.putFloat(at, value).putFloat(at + 4, -value);
        return Map.of("re", (double) value, "im", (double) -value);
      }
    }
    return dtype.type() == ElementType.BOOL
        ? (Object) (value % 2 == 1)
        : dtype.type().kind() == 'f' ? (Object) (double) value : (Object) (long) value;
  }

  private String text(ValueType.Text type, ByteBuffer out, int at) {
    boolean wide = type.encoding() != Encoding.UTF_8;
    String word = WORDS[random.nextInt(WORDS.length)];
    byte[] bytes =
        word.getBytes(
            type.encoding() == Encoding.UTF_8
                ? StandardCharsets.UTF_8
                : java.nio.charset.Charset.forName(
                    type.encoding() == Encoding.UTF_32LE ? "UTF-32LE" : "UTF-32BE"));
    // Cut where the type ends, be it inside a character.
    int length = Math.min(bytes.length, type.size());
    out.put(at, bytes, 0, length);
    return wide
        ? word.substring(0, word.offsetByCodePoints(0, length / 4)).replaceAll("\0+$", "")
        : new String(bytes, 0, length, StandardCharsets.UTF_8).replaceAll("\0+$", "");
  }

  private Object time(ValueType.Time type, ByteBuffer out, int at) {
    out.order(type.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    if (random.nextInt(4) == 0) {
      out.putLong(at, Long.MIN_VALUE);
      return null;
    }
    long value = random.nextInt(4000) - 2000;
    out.putLong(at, value);
    return switch (type.unit()) {
      case YEAR ->
          type.span()
              ? 12 * value
              : java.time.LocalDate.of((int) (1970 + value), 1, 1).toEpochDay();
      case DAY -> type.span() ? value * 86_400_000_000L : value;
      case SECOND -> value * 1_000_000;
      default -> Math.floorDiv(value, 1000L);
    };
  }

  private List<Object> array(Shape shape, ValueType element, ByteBuffer out, int at) {
    List<Object> values = new ArrayList<>();
    Shape inner = shape.slice(1, shape.rank());
    int step = (int) inner.size() * element.size();
    for (int i = 0; i < shape.dim(0); i++) {
      values.add(
          inner.rank() == 0
              ? put(element, out, at + i * step)
              : array(inner, element, out, at + i * step));
    }
    return values;
  }

  /** Writes a reference to bytes. */
  void refer(byte[] bytes, ByteBuffer out, int at) {
    heap.add(bytes);
    out.order(ByteOrder.LITTLE_ENDIAN).putInt(at, heap.size());
  }

  /** What a reference stands for, which is consumed. */
  ByteBuffer referred(ByteBuffer elements, int size) {
    int number = elements.order(ByteOrder.LITTLE_ENDIAN).getInt(elements.position());
    elements.position(elements.position() + size);
    return ByteBuffer.wrap(number == 0 ? new byte[0] : heap.get(number - 1));
  }
}
