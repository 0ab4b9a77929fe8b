// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.npz;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ChecksummedBytes;
import io.sparkarrays.core.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The content of a deflated member. It can be inflated in order only: a read further on passes over
 * what lies between, a read further back begins anew.
 */
final class InflatedBytes implements ChecksummedBytes.Reader, Closeable {

  private static final int PIECE = 64 * 1024;

  private final ByteSource source;
  private final ZipMember member;
  private final long start;
  private final Inflater inflater = new Inflater(true);
  private final ByteBuffer input = ByteBuffer.allocate(PIECE);
  private long fed;
  private long done;

  InflatedBytes(ByteSource source, ZipMember member, long start) {
    this.source = source;
    this.member = member;
    this.start = start;
  }

  @Override
  public void read(long at, ByteBuffer target) throws IOException {
    if (at < done) {
      inflater.reset();
      fed = 0;
      done = 0;
    }
    ByteBuffer passed = ByteBuffer.allocate((int) Math.min(PIECE, at - done));
    while (done < at) {
      fill(passed.clear().limit((int) Math.min(passed.capacity(), at - done)));
    }
    fill(target);
  }

  private void fill(ByteBuffer target) throws IOException {
    try {
      while (target.hasRemaining()) {
        int inflated = inflater.inflate(target);
        done += inflated;
        if (inflated == 0) {
          feed();
        }
      }
    } catch (DataFormatException e) {
      throw damaged(e.getMessage());
    }
  }

  private void feed() throws IOException {
    if (inflater.finished() || inflater.needsDictionary() || fed == member.stored()) {
      throw damaged("it has " + done + " bytes, " + member.size() + " are due");
    }
    input.clear().limit((int) Math.min(PIECE, member.stored() - fed));
    source.readFully(start + fed, input);
    fed += input.limit();
    inflater.setInput(input.flip());
  }

  private ArrayException damaged(String problem) {
    return new ArrayException(
        ErrorCode.FILE_DAMAGED,
        source.name() + ", array '" + member.name() + "'",
        "what was deflated can't be inflated: " + problem,
        "Copy the file again from where it was written, or write it again");
  }

  @Override
  public void close() {
    inflater.end();
  }
}
