// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import java.util.Arrays;

/**
 * Blosc's own compressor: FastLZ with two-byte distances. Instructions are literal runs of 1 to 32
 * bytes, and matches: three bits of length (7: more bytes follow), 13 bits of distance (all ones:
 * 16 more bits follow).
 */
final class BloscLzDecoder implements BlockDecoder {

  private static final int NEAR_DISTANCE = 8191;

  @Override
  public void decode(byte[] source, int from, int length, byte[] target, int at, int decoded)
      throws DecodeException {
    int in = from;
    int end = from + length;
    int out = at;
    int limit = at + decoded;
    // The first instruction is a literal run; its upper bits tell the compressor's level.
    int control = in < end ? source[in++] & 31 : 0;
    while (out < limit) {
      if (control < 32) {
        int run = control + 1;
        if (run > limit - out || run > end - in) {
          throw damaged();
        }
        System.arraycopy(source, in, target, out, run);
        in += run;
        out += run;
      } else {
        int match = (control >> 5) + 2;
        int distance = (control & 31) << 8;
        if (match == 9) {
          int more;
          do {
            if (in + 1 >= end) {
              throw damaged();
            }
            more = source[in++] & 255;
            match += more;
            // Also keeps the sum from overflowing.
            if (match > limit - out) {
              throw damaged();
            }
          } while (more == 255);
        }
        if (in >= end) {
          throw damaged();
        }
        distance += source[in++] & 255;
        if (distance == NEAR_DISTANCE) {
          if (in + 1 >= end) {
            throw damaged();
          }
          distance += ((source[in] & 255) << 8) + (source[in + 1] & 255);
          in += 2;
        }
        distance++;
        if (distance > out - at || match > limit - out) {
          throw damaged();
        }
        copy(target, out, distance, match);
        out += match;
      }
      if (in >= end) {
        break;
      }
      control = source[in++] & 255;
    }
    if (out != limit) {
      throw new DecodeException(
          "a BloscLZ block holds " + (out - at) + " bytes, " + decoded + " are due");
    }
  }

  /** A match may reach into itself, and then repeats what it has just written. */
  private static void copy(byte[] target, int out, int distance, int length) {
    if (distance >= length) {
      System.arraycopy(target, out - distance, target, out, length);
    } else if (distance == 1) {
      Arrays.fill(target, out, out + length, target[out - 1]);
    } else {
      // Each copy doubles the stretch that may be copied from.
      int done = 0;
      while (done < length) {
        int piece = Math.min(distance + done, length - done);
        System.arraycopy(target, out - distance, target, out + done, piece);
        done += piece;
      }
    }
  }

  private static DecodeException damaged() {
    return new DecodeException("a BloscLZ block is damaged");
  }
}
