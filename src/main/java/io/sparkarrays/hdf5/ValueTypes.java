// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementDecoder;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import io.sparkarrays.hdf5.format.Datatype;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * HDF5's datatypes as types of values. References of variable length are those that {@link
 * Dataset#readVariable} takes.
 */
public final class ValueTypes {

  private ValueTypes() {}

  /** The type of elements as they are stored. */
  public static ValueType of(Datatype type) {
    Optional<Dtype> plain = type.dtype();
    if (plain.isPresent()) {
      return new ValueType.Plain(plain.get());
    } else if (type instanceof Datatype.FixedString text) {
      return new ValueType.Text(text.size(), Encoding.UTF_8, padding(text.padding()));
    } else if (type instanceof Datatype.VariableString text) {
      return new ValueType.VariableText(text.size(), padding(text.padding()));
    } else if (type instanceof Datatype.VariableLength sequence) {
      return new ValueType.Sequence(sequence.size(), of(sequence.base()));
    } else if (type instanceof Datatype.ArrayType array) {
      long[] dims = array.dims().stream().mapToLong(Integer::longValue).toArray();
      return new ValueType.FixedArray(Shape.of(dims), of(array.base()));
    } else if (type instanceof Datatype.Compound compound) {
      return compound(compound);
    } else if (type instanceof Datatype.Complex complex) {
      ValueType part = of(complex.base());
      return new ValueType.Compound(
          complex.size(),
          List.of(
              new ValueType.Member("re", 0, part), new ValueType.Member("im", part.size(), part)));
    } else if (type instanceof Datatype.Enumeration names && names.base().dtype().isPresent()) {
      Map<Long, String> byValue = new HashMap<>();
      names.values().forEach((name, value) -> byValue.putIfAbsent(value, name));
      return new ValueType.Enumeration(names.base().dtype().get(), byValue);
    } else if (type instanceof Datatype.Opaque || type instanceof Datatype.Time) {
      return new ValueType.Opaque(type.size());
    }
    return NumberDecoder.target(type)
        .<ValueType>map(dtype -> new ValueType.Converted(type.size(), dtype, new Numbers(type)))
        .orElseGet(() -> unmapped(type));
  }

  private static Padding padding(Datatype.Padding padding) {
    return switch (padding) {
      case NULL_TERMINATED -> Padding.NULL_TERMINATED;
      case NULL_PADDED -> Padding.NULL_PADDED;
      case SPACE_PADDED -> Padding.SPACE_PADDED;
    };
  }

  private static ValueType compound(Datatype.Compound type) {
    if (type.members().isEmpty()) {
      return unmapped(type);
    }
    return new ValueType.Compound(
        type.size(),
        type.members().stream()
            .map(member -> new ValueType.Member(member.name(), member.offset(), of(member.type())))
            .toList());
  }

  /** Numbers whose bits lie as only this format says. */
  private record Numbers(Datatype type) implements ValueType.Conversion {
    private static final long serialVersionUID = 1L;

    @Override
    public ElementDecoder decoder() {
      return NumberDecoder.of(type);
    }
  }

  private static ValueType unmapped(Datatype type) {
    if (type instanceof Datatype.Reference reference) {
      String target = reference.target().name().toLowerCase(Locale.ROOT);
      return new ValueType.Unmapped(
          type.size(),
          target + " reference",
          "it points to a place in its file",
          "follow it in Java by Hdf5File.dereference, or in Python by h5py");
    }
    return new ValueType.Unmapped(
        type.size(),
        type.getClass().getSimpleName() + " of " + type.size() + " bytes",
        "Spark has no type that holds it",
        "write the data with numbers of at most 8 bytes");
  }
}
