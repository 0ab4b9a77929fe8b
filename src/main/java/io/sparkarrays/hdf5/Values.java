// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.hdf5.format.Datatype;
import io.sparkarrays.hdf5.format.Fields;
import io.sparkarrays.hdf5.format.GlobalHeap;
import io.sparkarrays.hdf5.format.Numbers;
import io.sparkarrays.hdf5.virtual.DataspaceSelection;
import io.sparkarrays.hdf5.virtual.SelectionReader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Elements of any datatype as Java objects: integers as {@code Long} (unsigned ones of 64 bits as
 * {@code BigInteger}), floating point numbers as {@code Double}, h5py's booleans as {@code
 * Boolean}, other enumerations by name, text as {@code String}, compounds as {@code Map}, arrays
 * and sequences as {@code List}, complex numbers as {@link Complex}, opaque bytes as {@code
 * byte[]}, references as {@link ObjectReference} and {@link RegionReference}, or null if they refer
 * to nothing.
 */
public final class Values {

  private static final int MAX_DEPTH = 64;

  /** A complex number. */
  public record Complex(double re, double im) {}

  /** A pointer to an object: {@link Hdf5File#dereference}. */
  public record ObjectReference(long address) {}

  /** A pointer to elements of a data set. */
  public record RegionReference(long address, DataspaceSelection selection) {}

  private final GlobalHeap heap;

  Values(GlobalHeap heap) {
    this.heap = heap;
  }

  /** All elements of a run of bytes. */
  List<Object> list(Datatype type, byte[] bytes) throws IOException {
    List<Object> values = new ArrayList<>();
    for (int at = 0; at <= bytes.length - type.size(); at += type.size()) {
      values.add(value(type, bytes, at, 0));
    }
    return values;
  }

  private Object value(Datatype type, byte[] bytes, int at, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw heap.metadata()
          .unsupported("a value nested more than " + MAX_DEPTH + " deep", "Flatten it");
    }
    if (type instanceof Datatype.FixedPoint integer) {
      return integer(integer, bytes, at);
    } else if (type instanceof Datatype.FloatingPoint number) {
      return floating(number, bytes, at);
    } else if (type instanceof Datatype.FixedString text) {
      return text(text.padding(), bytes, at, text.size());
    } else if (type instanceof Datatype.BitField field && field.size() <= 8) {
      return Numbers.bits(field, bytes, at);
    } else if (type instanceof Datatype.Compound compound) {
      return compound(compound, bytes, at, depth);
    } else if (type instanceof Datatype.Enumeration enumeration) {
      return enumeration(enumeration, bytes, at);
    } else if (type instanceof Datatype.VariableString text) {
      byte[] content = pointed(bytes, at, 1);
      return text(text.padding(), content, 0, content.length);
    } else if (type instanceof Datatype.VariableLength sequence) {
      return sequence(sequence.base(), bytes, at, depth);
    } else if (type instanceof Datatype.ArrayType array) {
      return array(array.dims(), array.base(), bytes, at, depth);
    } else if (type instanceof Datatype.Complex complex) {
      return complex(complex.base(), bytes, at);
    } else if (type instanceof Datatype.Reference reference) {
      return reference(reference, bytes, at);
    }
    return Arrays.copyOfRange(bytes, at, at + type.size());
  }

  private Object integer(Datatype.FixedPoint type, byte[] bytes, int at) {
    if (type.size() > 8) {
      throw heap.metadata()
          .unsupported("an integer of " + type.size() + " bytes", "Read its bytes instead");
    }
    long value = Numbers.integer(type, bytes, at);
    return type.signed() || value >= 0
        ? (Object) value
        : new BigInteger(Long.toUnsignedString(value));
  }

  private Object floating(Datatype.FloatingPoint type, byte[] bytes, int at) {
    if (type.size() > 8) {
      throw heap.metadata()
          .unsupported("a number of " + type.size() + " bytes", "Read its bytes instead");
    }
    return Numbers.floating(type, bytes, at);
  }

  private static String text(Datatype.Padding padding, byte[] bytes, int at, int size) {
    int end = at + size;
    if (padding == Datatype.Padding.SPACE_PADDED) {
      while (end > at && bytes[end - 1] == ' ') {
        end--;
      }
    } else {
      end = at;
      while (end < at + size && bytes[end] != 0) {
        end++;
      }
    }
    return new String(bytes, at, end - at, StandardCharsets.UTF_8);
  }

  private Object compound(Datatype.Compound type, byte[] bytes, int at, int depth)
      throws IOException {
    if (type.dtype().isPresent()) {
      return complex(type.members().get(0).type(), bytes, at);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Datatype.Member member : type.members()) {
      values.put(member.name(), value(member.type(), bytes, at + member.offset(), depth + 1));
    }
    return values;
  }

  private Object complex(Datatype part, byte[] bytes, int at) {
    Datatype.FloatingPoint number = (Datatype.FloatingPoint) part;
    return new Complex(
        (double) floating(number, bytes, at), (double) floating(number, bytes, at + part.size()));
  }

  private static Object enumeration(Datatype.Enumeration type, byte[] bytes, int at) {
    long value = Numbers.integer((Datatype.FixedPoint) type.base(), bytes, at);
    if (type.dtype().isPresent()) {
      return value != 0;
    }
    for (Map.Entry<String, Long> entry : type.values().entrySet()) {
      if (entry.getValue() == value) {
        return entry.getKey();
      }
    }
    return Long.toString(value);
  }

  private List<Object> array(List<Integer> dims, Datatype base, byte[] bytes, int at, int depth)
      throws IOException {
    List<Object> values = new ArrayList<>();
    int count = dims.get(0);
    int step = base.size();
    for (int dim : dims.subList(1, dims.size())) {
      step *= dim;
    }
    for (int i = 0; i < count; i++) {
      int from = at + i * step;
      values.add(
          dims.size() == 1
              ? value(base, bytes, from, depth + 1)
              : array(dims.subList(1, dims.size()), base, bytes, from, depth + 1));
    }
    return values;
  }

  private List<Object> sequence(Datatype base, byte[] bytes, int at, int depth) throws IOException {
    byte[] content = pointed(bytes, at, base.size());
    List<Object> values = new ArrayList<>();
    for (int from = 0; from < content.length; from += base.size()) {
      values.add(value(base, content, from, depth + 1));
    }
    return values;
  }

  /** The bytes in the global heap that an element of variable length points to. */
  private byte[] pointed(byte[] bytes, int at, int size) throws IOException {
    Fields element = heap.fields(bytes).skip(at);
    long count = element.u32();
    long address = element.offset();
    long index = element.u32();
    if (count == 0 || address == 0 || address < 0) {
      return new byte[0];
    }
    Fields object = heap.get(address, index);
    return object.bytes(Math.multiplyExact(count, size));
  }

  private Object reference(Datatype.Reference type, byte[] bytes, int at) throws IOException {
    Fields element = heap.fields(bytes).skip(at);
    if (type.target() == Datatype.Target.OBJECT) {
      long address = element.offset();
      return address <= 0 ? null : new ObjectReference(address);
    }
    if (type.target() == Datatype.Target.REGION) {
      long address = element.offset();
      long index = element.u32();
      if (address <= 0) {
        return null;
      }
      Fields object = heap.get(address, index);
      long dataset = object.offset();
      return new RegionReference(dataset, SelectionReader.read(object));
    }
    return null;
  }
}
