// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import io.sparkarrays.hdf5.format.Datatype;
import java.util.List;
import java.util.stream.Stream;

/**
 * What character sets the text in an element is said to have. Values do not differ by it, but the
 * HDF5 library reads no text of one as text of another.
 */
public final class Charsets {

  private Charsets() {}

  /** For each text of an element, in the order of members, whether it is UTF-8, else ASCII. */
  public static List<Boolean> utf8(Datatype type) {
    return each(type).toList();
  }

  private static Stream<Boolean> each(Datatype type) {
    if (type instanceof Datatype.FixedString text) {
      return Stream.of(text.utf8());
    } else if (type instanceof Datatype.VariableString text) {
      return Stream.of(text.utf8());
    } else if (type instanceof Datatype.VariableLength sequence) {
      return each(sequence.base());
    } else if (type instanceof Datatype.ArrayType array) {
      return each(array.base());
    } else if (type instanceof Datatype.Compound compound) {
      return compound.members().stream().flatMap(member -> each(member.type()));
    }
    return Stream.of();
  }
}
