// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.genericio;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A column of a GenericIO file, as its header describes it.
 *
 * @param name its name
 * @param flags whether elements are floats (1), signed (2), a physical coordinate x (4), y (8) or z
 *     (16), or tell of maybe-ghost rows (32); other bits are kept
 * @param rowBytes bytes of one row
 * @param elementBytes bytes of one element
 */
public record Variable(String name, long flags, long rowBytes, long elementBytes)
    implements Serializable {

  private static final int FLOAT = 1;
  private static final int SIGNED = 2;
  private static final int COORDINATE = 4;

  /** Rows must fit arrays of Java with room to spare. */
  private static final long MOST_BYTES = 1 << 30;

  /** Bytes of the name's field. */
  static final int NAME_BYTES = 256;

  /** Bytes of a header without, and with, the size of an element. */
  static final int OLD_BYTES = NAME_BYTES + 16;

  static final int BYTES = OLD_BYTES + 8;

  /**
   * A column to write.
   *
   * @param width elements in a row
   * @throws ArrayException {@code COLUMN_NAME} if the name is empty or longer than 256 bytes;
   *     {@code DTYPE_UNSUPPORTED} for dtypes that are no plain numbers
   */
  public static Variable of(String name, ElementType type, int width) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > NAME_BYTES || name.indexOf('\0') >= 0) {
      throw new ArrayException(
          ErrorCode.COLUMN_NAME,
          "column '" + name + "'",
          "a GenericIO column's name has 1 to " + NAME_BYTES + " bytes, none of them 0",
          "Rename the column");
    }
    int flags =
        switch (type.kind()) {
          // The library calls floats signed too.
          case 'f' -> FLOAT | SIGNED;
          case 'i' -> SIGNED;
          case 'u' -> 0;
          default ->
              throw new ArrayException(
                  ErrorCode.DTYPE_UNSUPPORTED,
                  "column '" + name + "'",
                  "GenericIO has no " + type.numpyName(),
                  "Cast it to an integer or floating-point type");
        };
    return new Variable(name, flags, Math.multiplyExact(width, (long) type.size()), type.size());
  }

  static Variable read(HeaderFields fields, long at, long size) {
    String name = fields.name(at, NAME_BYTES);
    String owner = "column '" + name + "': ";
    long rowBytes = fields.number(at + NAME_BYTES + 8, owner + "its size");
    long elementBytes =
        size >= BYTES ? fields.number(at + OLD_BYTES, owner + "its element's size") : rowBytes;
    return new Variable(name, fields.bits(at + NAME_BYTES), rowBytes, elementBytes);
  }

  /** Writes an entry of {@link #BYTES} bytes. */
  void write(ByteBuffer out) {
    int start = out.position();
    out.put(name.getBytes(StandardCharsets.UTF_8)).position(start + NAME_BYTES);
    out.putLong(flags).putLong(rowBytes).putLong(elementBytes);
  }

  /** Whether this is the physical coordinate along axis 0 (x), 1 (y) or 2 (z). */
  public boolean isCoordinate(int axis) {
    return (flags & COORDINATE << axis) != 0;
  }

  /** The same column, marked as the physical coordinate along axis 0 (x), 1 (y) or 2 (z). */
  public Variable asCoordinate(int axis) {
    return new Variable(name, flags | COORDINATE << axis, rowBytes, elementBytes);
  }

  /** Elements in a row: 1 unless the column is a wide one. */
  public int width() {
    elementType();
    return Math.toIntExact(rowBytes / elementBytes);
  }

  /**
   * The type of an element.
   *
   * @throws ArrayException {@code DTYPE_UNSUPPORTED} if none of ours is such
   */
  public ElementType elementType() {
    return find()
        .orElseThrow(
            () ->
                new ArrayException(
                    ErrorCode.DTYPE_UNSUPPORTED,
                    "column '" + name + "'",
                    typeName() + ", are no numbers known here",
                    "Leave the column out"));
  }

  /** Whether {@link #elementType} has an answer; other columns of the file may have one. */
  public boolean isReadable() {
    return find().isPresent();
  }

  /** The type as the header describes it. */
  public String typeName() {
    return String.format(
        "rows of %d bytes with elements of %d bytes, of kind '%c'", rowBytes, elementBytes, kind());
  }

  private char kind() {
    return (flags & FLOAT) != 0 ? 'f' : (flags & SIGNED) != 0 ? 'i' : 'u';
  }

  private Optional<ElementType> find() {
    boolean whole =
        elementBytes > 0 && rowBytes > 0 && rowBytes % elementBytes == 0 && rowBytes < MOST_BYTES;
    return Arrays.stream(ElementType.values())
        .filter(type -> whole && type.kind() == kind() && type.size() == elementBytes)
        .findFirst();
  }

  /** The dtype in a file of a byte order. */
  Dtype dtype(boolean bigEndian) {
    return new Dtype(elementType(), bigEndian);
  }
}
