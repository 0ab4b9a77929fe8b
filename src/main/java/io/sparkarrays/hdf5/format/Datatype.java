// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one element is stored (IV.A.2.d): a class of the format and its parameters. What is a plain
 * number in numpy too has a {@link #dtype()}.
 */
public sealed interface Datatype extends Serializable {

  /** Bytes of one stored element. */
  int size();

  /** numpy's dtype if the stored bytes are elements of one as they are. */
  default Optional<Dtype> dtype() {
    return Optional.empty();
  }

  /** How the text of a string ends. */
  enum Padding {
    NULL_TERMINATED,
    NULL_PADDED,
    SPACE_PADDED
  }

  /** Bits of a number inside its bytes, counted from the least significant. */
  private static boolean fills(int size, int bitOffset, int precision) {
    return bitOffset == 0 && precision == 8 * size;
  }

  private static Optional<Dtype> integer(int size, boolean signed, boolean bigEndian) {
    ElementType type =
        switch (size) {
          case 1 -> signed ? ElementType.INT8 : ElementType.UINT8;
          case 2 -> signed ? ElementType.INT16 : ElementType.UINT16;
          case 4 -> signed ? ElementType.INT32 : ElementType.UINT32;
          case 8 -> signed ? ElementType.INT64 : ElementType.UINT64;
          default -> null;
        };
    return Optional.ofNullable(type).map(known -> new Dtype(known, bigEndian));
  }

  /** Two floating point numbers, the real and the imaginary part. */
  private static Optional<Dtype> complex(Datatype part) {
    return part.dtype()
        .flatMap(
            dtype ->
                switch (dtype.type()) {
                  case FLOAT32 -> Optional.of(new Dtype(ElementType.COMPLEX64, dtype.bigEndian()));
                  case FLOAT64 -> Optional.of(new Dtype(ElementType.COMPLEX128, dtype.bigEndian()));
                  default -> Optional.empty();
                });
  }

  /** An integer of {@code precision} bits that begin at {@code bitOffset}. */
  record FixedPoint(int size, boolean bigEndian, boolean signed, int bitOffset, int precision)
      implements Datatype {
    @Override
    public Optional<Dtype> dtype() {
      return fills(size, bitOffset, precision)
          ? integer(size, signed, bigEndian)
          : Optional.empty();
    }
  }

  /**
   * A floating point number: where its sign, exponent and mantissa are, in bits.
   *
   * @param normalization 0: none, 1: the mantissa's highest bit is stored and set, 2: it is implied
   */
  record FloatingPoint(
      int size,
      boolean bigEndian,
      int sign,
      int exponent,
      int exponentBits,
      int mantissa,
      int mantissaBits,
      int normalization,
      long bias)
      implements Datatype {
    @Override
    public Optional<Dtype> dtype() {
      ElementType type =
          ieee(2, 5)
              ? ElementType.FLOAT16
              : ieee(4, 8) ? ElementType.FLOAT32 : ieee(8, 11) ? ElementType.FLOAT64 : null;
      return Optional.ofNullable(type).map(known -> new Dtype(known, bigEndian));
    }

    private boolean ieee(int bytes, int bits) {
      return size == bytes
          && sign == 8 * bytes - 1
          && exponentBits == bits
          && mantissaBits == sign - bits
          && exponent == mantissaBits
          && mantissa == 0
          && normalization == 2
          && bias == (1L << (bits - 1)) - 1;
    }
  }

  /** A time of a calendar that no library defines. */
  record Time(int size) implements Datatype {}

  /** Text of a fixed number of bytes. */
  record FixedString(int size, Padding padding, boolean utf8) implements Datatype {}

  /** Bits without a meaning as a number. */
  record BitField(int size, boolean bigEndian, int bitOffset, int precision) implements Datatype {
    @Override
    public Optional<Dtype> dtype() {
      return fills(size, bitOffset, precision) ? integer(size, false, bigEndian) : Optional.empty();
    }
  }

  /** Bytes that only a tag tells the meaning of. */
  record Opaque(int size, String tag) implements Datatype {}

  /** A named part of a compound, at a byte of it. */
  record Member(String name, int offset, Datatype type) implements Serializable {}

  /** Named parts; gaps between them are legal. */
  record Compound(int size, List<Member> members) implements Datatype {
    /** h5py stores complex numbers as the compound {r, i}. */
    @Override
    public Optional<Dtype> dtype() {
      if (members.size() != 2) {
        return Optional.empty();
      }
      Member re = members.get(0);
      Member im = members.get(1);
      boolean isComplex =
          re.name().equals("r")
              && im.name().equals("i")
              && re.offset() == 0
              && im.offset() == re.type().size()
              && size == 2 * im.offset()
              && re.type().equals(im.type());
      return isComplex ? complex(re.type()) : Optional.empty();
    }
  }

  /** What a reference points to. */
  enum Target {
    OBJECT,
    REGION,
    /** Version 4's kinds, which h5py doesn't write. */
    OTHER
  }

  /** A pointer to an object or to a part of a data set. */
  record Reference(int size, Target target) implements Datatype {}

  /** Names for values of an integer type. */
  record Enumeration(Datatype base, Map<String, Long> values) implements Datatype {
    private static final Map<String, Long> BOOL = Map.of("FALSE", 0L, "TRUE", 1L);

    @Override
    public int size() {
      return base.size();
    }

    /** Whether this is the enumeration that stands for booleans. */
    @Override
    public Optional<Dtype> dtype() {
      return base.size() == 1 && values.equals(BOOL)
          ? Optional.of(Dtype.of(ElementType.BOOL))
          : Optional.empty();
    }
  }

  /** A sequence of any length in the global heap: a count, an address and an index are stored. */
  record VariableLength(int size, Datatype base) implements Datatype {}

  /** Text of any length in the global heap. */
  record VariableString(int size, Padding padding, boolean utf8) implements Datatype {}

  /** An array in each element. */
  record ArrayType(List<Integer> dims, Datatype base) implements Datatype {
    /** Elements of the array. */
    public int count() {
      return dims.stream().reduce(1, Math::multiplyExact);
    }

    @Override
    public int size() {
      return Math.multiplyExact(count(), base.size());
    }
  }

  /** HDF5 2.0's own class of complex numbers. */
  record Complex(Datatype base) implements Datatype {
    @Override
    public int size() {
      return 2 * base.size();
    }

    @Override
    public Optional<Dtype> dtype() {
      return complex(base);
    }
  }
}
