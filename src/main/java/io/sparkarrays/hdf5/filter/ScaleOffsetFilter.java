// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.DecodeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers less a minimum, in as few bits as the greatest needs (H5Zscaleoffset.c); floating point
 * ones are scaled by a power of ten first.
 */
final class ScaleOffsetFilter implements Filter {

  private static final int HEADER = 21;
  private static final int FLOAT_D_SCALE = 0;
  private static final int INTEGER = 2;

  @Override
  public int id() {
    return 6;
  }

  @Override
  public String name() {
    return "scaleoffset";
  }

  @Override
  public Decoder decoder(FilterSpec spec) throws DecodeException {
    int type = spec.parameter(0);
    int size = spec.parameter(4);
    boolean floating = spec.parameter(3) == 1;
    if (type != (floating ? FLOAT_D_SCALE : INTEGER)
        || Integer.bitCount(size) != 1
        || size > 8
        || (floating && size < 4)) {
      throw new DecodeException("scale-offset of kind " + type + " for " + size + " bytes");
    }
    return new Unscaling(spec, size, floating);
  }

  private static final class Unscaling implements Decoder {
    private final int size;
    private final boolean floating;
    private final boolean bigEndian;
    private final boolean hasFill;
    private final long fill;
    private final int factor;
    private final BitStream bits = new BitStream();
    private byte[] scratch = {};

    Unscaling(FilterSpec spec, int size, boolean floating) {
      this.size = size;
      this.floating = floating;
      this.bigEndian = spec.parameter(6) == 1;
      this.hasFill = spec.parameter(7) == 1;
      this.fill = (spec.parameter(8) & 0xffff_ffffL) | ((long) spec.parameter(9) << 32);
      this.factor = spec.parameter(1);
    }

    @Override
    public void decode(ByteBuffer encoded, ByteBuffer decoded) throws DecodeException {
      int due = decoded.remaining();
      if (!floating && factor == 8 * size) {
        if (encoded.remaining() > due) {
          throw new DecodeException(encoded.remaining() + " bytes, " + due + " are due");
        }
        decoded.put(encoded);
        return;
      }
      ByteBuffer in = encoded.order(ByteOrder.LITTLE_ENDIAN);
      int start = in.position();
      int width = in.remaining() < HEADER ? -1 : in.getInt();
      if (width < 0 || width > 8 * size || due % size != 0) {
        throw new DecodeException("scale-offset of " + width + " bits for " + due + " bytes");
      }
      in.get();
      long minimum = in.getLong();
      scratch = scratch.length < due ? new byte[due] : scratch;
      bits.start(in.array(), in.arrayOffset() + start + HEADER, in.arrayOffset() + in.limit());
      for (int at = 0; at < due; at += size) {
        if (width == 8 * size) {
          plain(at);
        } else {
          put(at, value(bits.next(width), width, minimum));
        }
      }
      decoded.put(scratch, 0, due);
      in.position(in.limit());
    }

    /** Not packed at all: the bytes of a little-endian writer. */
    private void plain(int at) throws DecodeException {
      long value = 0;
      for (int i = 0; i < size; i++) {
        value |= bits.next(8) << (8 * i);
      }
      put(at, value);
    }

    private long value(long raw, int width, long minimum) {
      if (hasFill && width > 0 && raw == (1L << width) - 1) {
        return fill;
      }
      if (!floating) {
        return raw + minimum;
      }
      double scale = Math.pow(10, factor);
      return size == 4
          ? Float.floatToRawIntBits((float) (raw / scale) + Float.intBitsToFloat((int) minimum))
          : Double.doubleToRawLongBits(raw / scale + Double.longBitsToDouble(minimum));
    }

    private void put(int at, long value) {
      for (int i = 0; i < size; i++) {
        scratch[bigEndian ? at + size - 1 - i : at + i] = (byte) (value >>> (8 * i));
      }
    }
  }
}
