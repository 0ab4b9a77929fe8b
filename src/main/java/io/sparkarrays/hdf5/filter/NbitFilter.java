// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Only the significant bits of each number, one after another (H5Znbit.c). The parameters describe
 * the datatype as a tree of atomic types, arrays and compounds.
 */
final class NbitFilter implements Filter {

  private static final int MAX_DEPTH = 32;

  @Override
  public int id() {
    return 5;
  }

  @Override
  public String name() {
    return "nbit";
  }

  @Override
  public Decoder decoder(FilterSpec spec) throws DecodeException {
    boolean untouched = spec.parameter(1) == 1;
    Tree tree = new Tree(spec);
    List<Field> fields = new ArrayList<>();
    int size = untouched ? 1 : tree.fields(0, fields, 0);
    return new Unpacking(untouched, size, fields.toArray(Field[]::new));
  }

  /** A number, or plain bytes, at a byte of the element. */
  private record Field(int at, int size, boolean bigEndian, int precision, int bitOffset) {}

  /** Reads the parameters from the third on. */
  private static final class Tree {
    private final FilterSpec spec;
    private int next = 3;

    Tree(FilterSpec spec) {
      this.spec = spec;
    }

    private int next() throws DecodeException {
      if (next >= spec.clientData().length) {
        throw new DecodeException("the n-bit filter's description of the type ends too early");
      }
      return spec.parameter(next++);
    }

    /** Adds the fields of a type that begins at a byte, and gives its size. */
    int fields(int at, List<Field> fields, int depth) throws DecodeException {
      int kind = next();
      int size = next();
      if (size < 1 || depth > MAX_DEPTH || fields.size() > 1 << 16) {
        throw new DecodeException("the n-bit filter's description of the type makes no sense");
      }
      switch (kind) {
        case 1 -> {
          Field field = new Field(at, size, next() == 1, next(), next());
          if (size > 8
              || field.precision() < 1
              || field.bitOffset() < 0
              || field.precision() + field.bitOffset() > 8 * size) {
            throw new DecodeException("an n-bit number of impossible bits " + field);
          }
          fields.add(field);
        }
        case 2 -> {
          int base = next;
          int one = fields(at, fields, depth + 1);
          for (int i = 1; i < size / one; i++) {
            next = base;
            fields(at + i * one, fields, depth + 1);
          }
        }
        case 3 -> {
          int members = next();
          for (int i = 0; i < members; i++) {
            fields(at + next(), fields, depth + 1);
          }
        }
        case 4 -> {
          for (int i = 0; i < size; i++) {
            fields.add(new Field(at + i, 1, false, 8, 0));
          }
        }
        default -> throw new DecodeException("the n-bit filter knows no type class " + kind);
      }
      return size;
    }
  }

  private static final class Unpacking implements Decoder {
    private final boolean untouched;
    private final int size;
    private final Field[] fields;
    private final BitStream bits = new BitStream();
    private byte[] scratch = {};

    Unpacking(boolean untouched, int size, Field[] fields) throws DecodeException {
      this.untouched = untouched;
      this.size = size;
      this.fields = fields;
      for (Field field : fields) {
        if (field.at() < 0 || field.at() > size - field.size()) {
          throw new DecodeException("an n-bit number outside its element of " + size + " bytes");
        }
      }
    }

    @Override
    public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
      int due = decoded.remaining();
      if (untouched) {
        if (encoded.remaining() > due) {
          throw new DecodeException(encoded.remaining() + " bytes, " + due + " are due");
        }
        decoded.put(encoded);
        return;
      }
      if (due % size != 0) {
        throw new DecodeException(due + " bytes are not n-bit elements of " + size);
      }
      scratch = scratch.length < due ? new byte[due] : scratch;
      java.util.Arrays.fill(scratch, 0, due, (byte) 0);
      int offset = encoded.arrayOffset();
      bits.start(encoded.array(), offset + encoded.position(), offset + encoded.limit());
      for (int element = 0; element < due; element += size) {
        for (Field field : fields) {
          put(element, field, bits.next(field.precision()) << field.bitOffset());
        }
      }
      decoded.put(scratch, 0, due);
      encoded.position(encoded.limit());
    }

    private void put(int element, Field field, long value) {
      int at = element + field.at();
      for (int i = 0; i < field.size(); i++) {
        int to = field.bigEndian() ? at + field.size() - 1 - i : at + i;
        scratch[to] = (byte) (value >>> (8 * i));
      }
    }
  }
}
