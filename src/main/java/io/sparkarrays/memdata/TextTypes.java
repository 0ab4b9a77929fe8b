// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.core.ValueType.Encoding;
import io.sparkarrays.core.ValueType.Padding;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays of text of a fixed length: as bytes, which files hold, or as Unicode, which is for memory.
 * Fields of records are converted too.
 */
final class TextTypes {

  private TextTypes() {}

  /** Whether elements, or fields of them, are Unicode. */
  static boolean hasUnicode(ValueType type) {
    if (type instanceof ValueType.Compound compound) {
      return compound.members().stream().anyMatch(member -> hasUnicode(member.type()));
    } else if (type instanceof ValueType.FixedArray array) {
      return hasUnicode(array.element());
    }
    return type instanceof ValueType.Text text && text.encoding() != Encoding.UTF_8;
  }

  /** An array whose texts are bytes: as many of each as it had characters. */
  static NdArray toBytes(String where, NdArray array) {
    try {
      ValueType type = bytes(array.type());
      return type.equals(array.type()) ? array : array.as(type);
    } catch (IllegalArgumentException e) {
      throw unsupported(where, e.getMessage(), "Write it as text of any length, or in ASCII", e);
    }
  }

  /** An array whose texts are Unicode. */
  static NdArray toUnicode(NdArray array) {
    ValueType type = unicode(array.type());
    return type.equals(array.type()) ? array : array.as(type);
  }

  static ArrayException unsupported(String where, String problem, String remedy, Throwable cause) {
    return new ArrayException(ErrorCode.TEXT_UNSUPPORTED, where, problem, remedy, cause);
  }

  static ValueType bytes(ValueType type) {
    if (type instanceof ValueType.Text text && text.encoding() != Encoding.UTF_8) {
      return new ValueType.Text(Math.max(1, text.size() / 4), Encoding.UTF_8, Padding.NULL_PADDED);
    }
    return fields(type, false);
  }

  static ValueType unicode(ValueType type) {
    if (type instanceof ValueType.Text text && text.encoding() == Encoding.UTF_8) {
      return new ValueType.Text(4 * text.size(), Encoding.UTF_32LE, Padding.NULL_PADDED);
    }
    return fields(type, true);
  }

  private static ValueType fields(ValueType type, boolean unicode) {
    if (type instanceof ValueType.FixedArray array) {
      ValueType element = unicode ? unicode(array.element()) : bytes(array.element());
      return new ValueType.FixedArray(array.shape(), element);
    }
    if (!(type instanceof ValueType.Compound compound)) {
      return type;
    }
    List<ValueType.Member> members = new ArrayList<>();
    int offset = 0;
    boolean changed = false;
    for (ValueType.Member member : compound.members()) {
      ValueType field = unicode ? unicode(member.type()) : bytes(member.type());
      changed |= !field.equals(member.type());
      members.add(new ValueType.Member(member.name(), offset, field));
      offset += field.size();
    }
    return changed ? new ValueType.Compound(offset, members) : type;
  }
}
