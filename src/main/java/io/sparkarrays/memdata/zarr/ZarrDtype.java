// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata.zarr;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Types of elements as a Zarr array's metadata names them: numpy's array interface, in JSON. */
final class ZarrDtype {

  private ZarrDtype() {}

  /** Reads a type; empty for objects, whose filter tells what they are. */
  static Optional<ValueType> parse(String where, Object json) {
    if (json instanceof String name) {
      return name.equals("|O") ? Optional.empty() : Optional.of(simple(where, name));
    }
    if (!(json instanceof List<?> fields)) {
      throw unsupported(where, json);
    }
    List<ValueType.Member> members = new ArrayList<>();
    int offset = 0;
    for (Object field : fields) {
      if (!(field instanceof List<?> parts) || parts.size() < 2) {
        throw unsupported(where, json);
      }
      ValueType type = parse(where, parts.get(1)).orElseThrow(() -> unsupported(where, json));
      if (parts.size() > 2 && parts.get(2) instanceof List<?> dims) {
        long[] extents = dims.stream().mapToLong(dim -> ((Number) dim).longValue()).toArray();
        type = new ValueType.FixedArray(Shape.of(extents), type);
      }
      members.add(new ValueType.Member((String) parts.get(0), offset, type));
      offset = Math.addExact(offset, type.size());
    }
    return Optional.of(new ValueType.Compound(offset, members));
  }

  private static ValueType simple(String where, String name) {
    try {
      boolean big = name.startsWith(">");
      return switch (name.charAt(1)) {
        case 'S' -> new ValueType.Text(number(name), Encoding.UTF_8, Padding.NULL_PADDED);
        case 'U' ->
            new ValueType.Text(
                Math.multiplyExact(4, number(name)),
                big ? Encoding.UTF_32BE : Encoding.UTF_32LE,
                Padding.NULL_PADDED);
        case 'V' -> new ValueType.Opaque(number(name));
        case 'M', 'm' -> time(where, name);
        default -> new ValueType.Plain(Dtype.parse(name));
      };
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw unsupported(where, name);
    }
  }

  private static int number(String name) {
    int size = Integer.parseInt(name.substring(2));
    if (size < 0) {
      throw new NumberFormatException(name);
    }
    return size;
  }

  private static ValueType time(String where, String name) {
    int open = name.indexOf('[');
    String unit = open < 0 ? "" : name.substring(open + 1, name.length() - 1);
    String digits = unit.replaceAll("[^0-9].*$", "");
    for (ValueType.TimeUnit known : ValueType.TimeUnit.values()) {
      if (known.symbol().equals(unit.substring(digits.length()))) {
        int multiple = digits.isEmpty() ? 1 : Integer.parseInt(digits);
        return new ValueType.Time(name.startsWith(">"), name.charAt(1) == 'm', known, multiple);
      }
    }
    throw unsupported(where, name);
  }

  /**
   * Names a type.
   *
   * @throws ArrayException {@code DTYPE_UNSUPPORTED}
   */
  static Object json(String where, ValueType type) {
    if (type instanceof ValueType.Plain plain) {
      return plain(plain.dtype());
    } else if (type instanceof ValueType.Text text) {
      return text.encoding() == Encoding.UTF_8 ? "|S" + text.size() : text.toString();
    } else if (type instanceof ValueType.Opaque opaque) {
      return "|V" + opaque.size();
    } else if (type instanceof ValueType.Time time) {
      return time.toString();
    } else if (type instanceof ValueType.Enumeration names) {
      return plain(names.base());
    } else if (type instanceof ValueType.VariableText) {
      return "|O";
    } else if (type instanceof ValueType.Compound compound && !NdArray.holdsObjects(compound)) {
      return fields(where, compound);
    }
    throw unsupported(where, type);
  }

  private static String plain(Dtype dtype) {
    String order = dtype.type().componentSize() == 1 ? "|" : dtype.bigEndian() ? ">" : "<";
    return order + dtype.type().kind() + dtype.size();
  }

  /** Fields side by side; what lies between them becomes a field that nobody reads. */
  private static List<Object> fields(String where, ValueType.Compound compound) {
    List<Object> fields = new ArrayList<>();
    int end = 0;
    for (ValueType.Member member : compound.members()) {
      if (member.offset() < end) {
        throw unsupported(where, compound);
      }
      if (member.offset() > end) {
        fields.add(List.of("_gap" + end, "|V" + (member.offset() - end)));
      }
      if (member.type() instanceof ValueType.FixedArray array) {
        List<Long> dims = new ArrayList<>();
        for (long dim : array.shape().dims()) {
          dims.add(dim);
        }
        fields.add(List.of(member.name(), json(where, array.element()), dims));
      } else {
        fields.add(List.of(member.name(), json(where, member.type())));
      }
      end = member.offset() + member.type().size();
    }
    if (end < compound.size()) {
      fields.add(List.of("_gap" + end, "|V" + (compound.size() - end)));
    }
    return fields;
  }

  /** What stands for an element that was never written, as zarr-python chooses it. */
  static Object zeroFill(ValueType type) {
    if (type instanceof ValueType.Plain plain) {
      ElementType element = plain.dtype().type();
      return switch (element.kind()) {
        case 'b' -> false;
        case 'f' -> 0.0;
        case 'c' -> List.of(0.0, 0.0);
        default -> 0L;
      };
    } else if (type instanceof ValueType.Text || type instanceof ValueType.VariableText) {
      return "";
    } else if (type instanceof ValueType.Compound || type instanceof ValueType.Opaque) {
      return java.util.Base64.getEncoder().encodeToString(new byte[type.size()]);
    }
    return 0L;
  }

  private static ArrayException unsupported(String where, Object type) {
    return new ArrayException(
        ErrorCode.DTYPE_UNSUPPORTED,
        where,
        "Zarr arrays of type " + type + " are not supported",
        "Use numbers, texts or records of them");
  }
}
