// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.hdf5.format.Datatype.Padding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a {@link Datatype} (IV.A.2.d, H5Odtype.c), each nested one in its own version. */
final class DatatypeMessage {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_RANK = 32;

  private final Fields fields;

  private DatatypeMessage(Fields fields) {
    this.fields = fields;
  }

  static Datatype read(Fields fields) {
    return new DatatypeMessage(fields).type(0);
  }

  private Datatype type(int depth) {
    if (depth > MAX_DEPTH) {
      throw fields.damaged("types nested in each other " + depth + " deep", "at most " + MAX_DEPTH);
    }
    int head = fields.u8();
    int version = head >> 4;
    int bits = (int) fields.unsigned(3);
    long wide = fields.u32();
    if (version < 1 || version > 5 || wide < 1 || wide > Integer.MAX_VALUE - 8) {
      throw fields.damaged(
          "a datatype of version " + version + " and " + wide + " bytes", "version 1 to 5, 1 byte");
    }
    int size = (int) wide;
    return switch (head & 15) {
      case 0 -> fixedPoint(size, bits);
      case 1 -> floatingPoint(size, bits);
      case 2 -> {
        fields.skip(2);
        yield new Datatype.Time(size);
      }
      case 3 -> new Datatype.FixedString(size, padding(bits), (bits >> 4 & 15) == 1);
      case 4 -> bitField(size, bits);
      case 5 -> new Datatype.Opaque(size, fields.text(bits & 0xff));
      case 6 -> compound(version, size, bits & 0xffff, depth);
      case 7 -> new Datatype.Reference(size, target(bits & 15));
      case 8 -> enumeration(version, size, bits & 0xffff, depth);
      case 9 -> variable(size, bits, depth);
      case 10 -> array(version, size, depth);
      case 11 -> complex(size, bits, depth);
      default -> throw fields.damaged("datatype class " + (head & 15), "0 to 11");
    };
  }

  private Padding padding(int bits) {
    int kind = bits & 15;
    return switch (kind) {
      case 0 -> Padding.NULL_TERMINATED;
      case 1 -> Padding.NULL_PADDED;
      case 2 -> Padding.SPACE_PADDED;
      default -> throw fields.damaged("string padding " + kind, "0 to 2");
    };
  }

  private static Datatype.Target target(int kind) {
    return kind == 0
        ? Datatype.Target.OBJECT
        : kind == 1 ? Datatype.Target.REGION : Datatype.Target.OTHER;
  }

  private Datatype.FixedPoint fixedPoint(int size, int bits) {
    int offset = fields.u16();
    int precision = fields.u16();
    inside(offset, precision, size);
    return new Datatype.FixedPoint(size, (bits & 1) != 0, (bits & 8) != 0, offset, precision);
  }

  private Datatype bitField(int size, int bits) {
    int offset = fields.u16();
    int precision = fields.u16();
    inside(offset, precision, size);
    return new Datatype.BitField(size, (bits & 1) != 0, offset, precision);
  }

  private void inside(int offset, int count, int size) {
    if (offset + count > 8L * size || count == 0) {
      throw fields.damaged(
          "bits " + offset + " to " + (offset + count), "some inside " + size + " bytes");
    }
  }

  private Datatype floatingPoint(int size, int bits) {
    if ((bits & 1 << 6) != 0) {
      throw fields
          .metadata()
          .unsupported("a VAX floating point number", "Convert it with HDF5's own library");
    }
    int offset = fields.u16();
    int precision = fields.u16();
    inside(offset, precision, size);
    int exponent = fields.u8();
    int exponentBits = fields.u8();
    int mantissa = fields.u8();
    int mantissaBits = fields.u8();
    long bias = fields.u32();
    int sign = bits >> 8 & 0xff;
    inside(exponent, exponentBits, size);
    inside(mantissa, mantissaBits, size);
    inside(sign, 1, size);
    int normalization = bits >> 4 & 3;
    return new Datatype.FloatingPoint(
        size,
        (bits & 1) != 0,
        sign,
        exponent,
        exponentBits,
        mantissa,
        mantissaBits,
        normalization,
        bias);
  }

  private Datatype compound(int version, int size, int count, int depth) {
    List<Datatype.Member> members = new ArrayList<>();
    int offsetBytes = (31 - Integer.numberOfLeadingZeros(size)) / 8 + 1;
    for (int i = 0; i < count; i++) {
      String name = version < 3 ? fields.paddedText() : fields.text();
      long offset = version < 3 ? fields.u32() : fields.unsigned(offsetBytes);
      Datatype type;
      if (version == 1) {
        int rank = fields.u8();
        fields.skip(3 + 4 + 4);
        List<Integer> dims = dims(4);
        type = type(depth + 1);
        type = rank == 0 ? type : arrayOf(dims.subList(0, Math.min(4, rank)), type);
      } else {
        type = type(depth + 1);
      }
      if (offset > size - (long) type.size()) {
        throw fields.damaged("member " + name + " at " + offset, "inside " + size + " bytes");
      }
      members.add(new Datatype.Member(name, (int) offset, type));
    }
    if (count == 0) {
      throw fields.damaged("a compound without members", "at least one");
    }
    return new Datatype.Compound(size, List.copyOf(members));
  }

  private Datatype enumeration(int version, int size, int count, int depth) {
    Datatype base = type(depth + 1);
    if (!(base instanceof Datatype.FixedPoint integer) || base.size() != size || size > 8) {
      throw fields.damaged("an enumeration of " + base, "one of an integer of " + size + " bytes");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(version < 3 ? fields.paddedText() : fields.text());
    }
    Map<String, Long> values = new LinkedHashMap<>();
    for (String name : names) {
      values.put(name, Numbers.integer(integer, fields.bytes(size), 0));
    }
    return new Datatype.Enumeration(base, values);
  }

  private Datatype variable(int size, int bits, int depth) {
    Datatype base = type(depth + 1);
    int expected = 8 + fields.metadata().offsetSize();
    if (size != expected) {
      throw fields.damaged("a variable length type of " + size + " bytes", expected + "");
    }
    return (bits & 15) == 1
        ? new Datatype.VariableString(size, padding(bits >> 4), (bits >> 8 & 15) == 1)
        : new Datatype.VariableLength(size, base);
  }

  private Datatype array(int version, int size, int depth) {
    int rank = fields.u8();
    fields.skip(version < 3 ? 3 : 0);
    if (rank == 0 || rank > MAX_RANK) {
      throw fields.damaged("an array of rank " + rank, "1 to " + MAX_RANK);
    }
    List<Integer> dims = dims(rank);
    fields.skip(version < 3 ? 4L * rank : 0);
    Datatype array = arrayOf(dims, type(depth + 1));
    if (array.size() != size) {
      throw fields.damaged(array + " in " + size + " bytes", array.size() + " bytes");
    }
    return array;
  }

  private List<Integer> dims(int rank) {
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      dims.add((int) fields.u32());
    }
    return dims;
  }

  private Datatype arrayOf(List<Integer> dims, Datatype base) {
    long bytes = base.size();
    for (int dim : dims) {
      bytes *= dim;
      if (dim <= 0 || bytes > Integer.MAX_VALUE) {
        throw fields.damaged("an array type of extents " + dims, "ones of less than 2 GiB");
      }
    }
    return new Datatype.ArrayType(List.copyOf(dims), base);
  }

  private Datatype complex(int size, int bits, int depth) {
    Datatype base = type(depth + 1);
    if (!(base instanceof Datatype.FloatingPoint) || 2L * base.size() != size || (bits & 7) != 1) {
      throw fields.damaged("a complex type of " + base, "one of two floating point numbers");
    }
    return new Datatype.Complex(base);
  }
}
