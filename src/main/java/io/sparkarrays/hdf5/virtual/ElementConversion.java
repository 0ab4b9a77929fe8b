// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.virtual;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.hdf5.format.Datatype;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns elements of a source into those of a virtual data set as HDF5 does: integers are clipped,
 * fractions cut off, compounds matched by their members' names, enumerations by their symbols.
 * Keeps scratch: each thread needs its own.
 */
interface ElementConversion {

  /**
   * Converts so many elements.
   *
   * @param in packed elements; its position and limit are not used
   * @param from index of the first byte
   * @param out takes packed elements; its position and limit are not used
   * @param to index of the first byte
   */
  void convert(ByteBuffer in, int from, ByteBuffer out, int to, int count);

  /** A conversion between two types, which are not equal; empty if there is none. */
  static Optional<ElementConversion> of(Datatype from, Datatype to) {
    if (from.equals(to)) {
      return Optional.of((in, at, out, into, count) -> out.put(into, in, at, count * to.size()));
    }
    Optional<ElementConversion> numbers = numbers(from, to);
    if (numbers.isPresent()) {
      return numbers;
    } else if (from instanceof Datatype.FixedString text
        && to instanceof Datatype.FixedString other) {
      return Optional.of(text(text, other));
    } else if (from instanceof Datatype.Compound compound
        && to instanceof Datatype.Compound other) {
      return members(compound, other);
    } else if (from instanceof Datatype.Enumeration names
        && to instanceof Datatype.Enumeration other) {
      return symbols(names, other);
    } else if (from instanceof Datatype.ArrayType array
        && to instanceof Datatype.ArrayType other
        && array.dims().equals(other.dims())) {
      int each = array.count();
      return of(array.base(), other.base())
          .map(
              base ->
                  (in, at, out, into, count) ->
                      base.convert(in, at, out, into, Math.multiplyExact(count, each)));
    }
    return Optional.empty();
  }

  private static Optional<ElementConversion> numbers(Datatype from, Datatype to) {
    // A value of an enumeration is a number, but a number is no symbol, unless of booleans.
    boolean isSymbol = to instanceof Datatype.Enumeration && to.dtype().isEmpty();
    Datatype plain = from instanceof Datatype.Enumeration names ? names.base() : from;
    Optional<Dtype> source = from.dtype().isPresent() ? from.dtype() : plain.dtype();
    Optional<Dtype> target = to.dtype();
    if (isSymbol || source.isEmpty() || target.isEmpty()) {
      return Optional.empty();
    }
    ElementType in = source.get().type();
    ElementType out = target.get().type();
    boolean complex = in.components() == 2;
    boolean toBool = out == ElementType.BOOL;
    boolean floating = in.kind() == 'f' || complex;
    if (complex != (out.components() == 2) || (toBool && floating)) {
      return Optional.empty();
    }
    return Optional.of(new NumberConversion(source.get(), target.get()));
  }

  private static ElementConversion text(Datatype.FixedString from, Datatype.FixedString to) {
    byte pad = (byte) (to.padding() == Datatype.Padding.SPACE_PADDED ? ' ' : 0);
    byte[] source = new byte[from.size()];
    byte[] target = new byte[to.size()];
    return (in, at, out, into, count) -> {
      for (int i = 0; i < count; i++) {
        in.get(at + i * source.length, source);
        int length = length(source, from.padding());
        int copied = Math.min(length, target.length);
        System.arraycopy(source, 0, target, 0, copied);
        Arrays.fill(target, copied, target.length, pad);
        if (to.padding() == Datatype.Padding.NULL_TERMINATED) {
          target[target.length - 1] = 0;
        }
        out.put(into + i * target.length, target);
      }
    };
  }

  private static int length(byte[] text, Datatype.Padding padding) {
    int length = text.length;
    if (padding == Datatype.Padding.NULL_TERMINATED) {
      for (int i = 0; i < length; i++) {
        if (text[i] == 0) {
          return i;
        }
      }
      return length;
    }
    byte pad = (byte) (padding == Datatype.Padding.SPACE_PADDED ? ' ' : 0);
    while (length > 0 && text[length - 1] == pad) {
      length--;
    }
    return length;
  }

  /** By name; a member that the source lacks is zero. */
  private static Optional<ElementConversion> members(Datatype.Compound from, Datatype.Compound to) {
    List<MemberConversion> parts = new ArrayList<>();
    for (Datatype.Member target : to.members()) {
      for (Datatype.Member source : from.members()) {
        if (source.name().equals(target.name())) {
          Optional<ElementConversion> part = of(source.type(), target.type());
          if (part.isEmpty()) {
            return Optional.empty();
          }
          parts.add(new MemberConversion(part.get(), source.offset(), target.offset()));
        }
      }
    }
    byte[] zeros = new byte[to.size()];
    return Optional.of(
        (in, at, out, into, count) -> {
          for (int i = 0; i < count; i++) {
            int source = at + i * from.size();
            int target = into + i * to.size();
            out.put(target, zeros);
            for (MemberConversion part : parts) {
              part.conversion().convert(in, source + part.from(), out, target + part.to(), 1);
            }
          }
        });
  }

  /** A member's conversion, and where it is in the source's and in the target's compound. */
  record MemberConversion(ElementConversion conversion, int from, int to) {}

  /** By symbol; a value that is none becomes one with all bits set. */
  private static Optional<ElementConversion> symbols(
      Datatype.Enumeration from, Datatype.Enumeration to) {
    boolean known = to.values().keySet().containsAll(from.values().keySet());
    Optional<Dtype> source = from.base().dtype();
    Optional<Dtype> target = to.base().dtype();
    if (!known || source.isEmpty() || target.isEmpty()) {
      return Optional.empty();
    }
    Map<Long, Long> values = new java.util.HashMap<>();
    from.values().forEach((name, value) -> values.put(value, to.values().get(name)));
    return Optional.of(
        new NumberConversion(source.get(), target.get(), value -> values.getOrDefault(value, -1L)));
  }
}
