// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.core;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an element of an array is, and how its bytes hold it. Plain numbers are {@link Plain}; every
 * other type is made of these and a few more kinds of bytes. {@code toString} gives numpy's name of
 * the type where it has one.
 */
public sealed interface ValueType extends Serializable {

  /** Bytes of one stored element. */
  int size();

  /** Whether an element can be null. */
  default boolean nullable() {
    return false;
  }

  /** A plain number, boolean or complex number. */
  record Plain(Dtype dtype) implements ValueType {
    @Override
    public int size() {
      return dtype.size();
    }

    @Override
    public String toString() {
      return dtype.toString();
    }
  }

  /** Makes the decoder of a {@link Converted} type. Equal types have equal conversions. */
  @FunctionalInterface
  interface Conversion extends Serializable {
    /** A decoder to little-endian elements, for one thread. */
    ElementDecoder decoder();
  }

  /** Numbers in bits of the format's own, which become those of a dtype. */
  record Converted(int size, Dtype dtype, Conversion conversion) implements ValueType {
    @Override
    public String toString() {
      return dtype.toString();
    }
  }

  /** How text is encoded. ASCII is UTF-8 too; bytes that are not, become U+FFFD. */
  enum Encoding {
    UTF_8,
    UTF_32LE,
    UTF_32BE
  }

  /** Where the text of some bytes ends. */
  enum Padding {
    /** Before the first NUL. */
    NULL_TERMINATED,
    /** Before the NULs at the end. */
    NULL_PADDED,
    /** Before the spaces at the end. */
    SPACE_PADDED
  }

  /** Text of a fixed number of bytes. */
  record Text(int size, Encoding encoding, Padding padding) implements ValueType {
    @Override
    public String toString() {
      return switch (encoding) {
        case UTF_8 -> "S" + size;
        case UTF_32LE -> "<U" + size / 4;
        case UTF_32BE -> ">U" + size / 4;
      };
    }
  }

  /** Bytes without a meaning of their own. */
  record Opaque(int size) implements ValueType {
    @Override
    public String toString() {
      return "V" + size;
    }
  }

  /** Names for values of an integer dtype. A value without a name is written as a number. */
  record Enumeration(Dtype base, Map<Long, String> names) implements ValueType {
    /** Copies the names. */
    public Enumeration {
      names = Map.copyOf(names);
    }

    @Override
    public int size() {
      return base.size();
    }

    @Override
    public String toString() {
      return "enum(" + base + ")";
    }
  }

  /** A unit of {@link Time}. */
  enum TimeUnit {
    YEAR("Y"),
    MONTH("M"),
    WEEK("W"),
    DAY("D"),
    HOUR("h"),
    MINUTE("m"),
    SECOND("s"),
    MILLISECOND("ms"),
    MICROSECOND("us"),
    NANOSECOND("ns"),
    PICOSECOND("ps"),
    FEMTOSECOND("fs"),
    ATTOSECOND("as");

    private final String symbol;

    TimeUnit(String symbol) {
      this.symbol = symbol;
    }

    /** numpy's name of it. */
    public String symbol() {
      return symbol;
    }
  }

  /**
   * Points of time since 1970, or spans of time, as signed integers of 64 bits. The least of them
   * is no time, which is null.
   *
   * @param span whether it is a span
   * @param unit what is counted
   * @param multiple how many units count one
   */
  record Time(boolean bigEndian, boolean span, TimeUnit unit, int multiple) implements ValueType {
    @Override
    public int size() {
      return Long.BYTES;
    }

    @Override
    public boolean nullable() {
      return true;
    }

    @Override
    public String toString() {
      String many = multiple == 1 ? "" : Integer.toString(multiple);
      return (bigEndian ? ">" : "<") + (span ? "m8[" : "M8[") + many + unit.symbol() + "]";
    }
  }

  /** A named part of a {@link Compound}, at a byte of it. */
  record Member(String name, int offset, ValueType type) implements Serializable {}

  /** Named parts; there may be gaps between them, and they may overlap. */
  record Compound(int size, List<Member> members) implements ValueType {
    /** Copies the members, whose names must differ and which must lie inside. */
    public Compound {
      members = List.copyOf(members);
      Set<String> names = new HashSet<>();
      for (Member member : members) {
        boolean inside =
            member.offset() >= 0 && (long) member.offset() + member.type().size() <= size;
        if (!inside || !names.add(member.name())) {
          throw new IllegalArgumentException(member + " of " + size + " bytes");
        }
      }
    }

    @Override
    public String toString() {
      return members.stream()
          .map(member -> "('" + member.name() + "', " + member.type() + ")")
          .collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** An array of a fixed shape in each element. */
  record FixedArray(Shape shape, ValueType element) implements ValueType {
    /** Of rank 0 it would be its element. */
    public FixedArray {
      if (shape.rank() == 0) {
        throw new IllegalArgumentException("an array of rank 0");
      }
    }

    @Override
    public int size() {
      return Math.toIntExact(Math.multiplyExact(shape.size(), (long) element.size()));
    }

    @Override
    public String toString() {
      return element + "" + shape;
    }
  }

  /**
   * A type whose elements stand elsewhere: what is stored is a reference of {@code size} bytes that
   * only the format's reader understands. All bits zero stand for nothing.
   */
  sealed interface Variable extends ValueType {}

  /** UTF-8 text of any length. */
  record VariableText(int size, Padding padding) implements Variable {
    @Override
    public String toString() {
      return "string";
    }
  }

  /** Any number of elements. */
  record Sequence(int size, ValueType element) implements Variable {
    @Override
    public String toString() {
      return "vlen(" + element + ")";
    }
  }

  /**
   * What has no type here: it has a name and a place, and its neighbours can be read.
   *
   * @param size bytes of an element; 0 if not even that is known
   * @param name the type's name
   * @param problem why it can't be read
   * @param advice what to do instead
   */
  record Unmapped(int size, String name, String problem, String advice) implements ValueType {
    @Override
    public String toString() {
      return name;
    }
  }
}
