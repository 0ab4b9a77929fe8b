// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The buffers of one column's vector in a batch's memory. They lie in the batch's block; one that
 * has to hold more than was planned for moves into memory of its own, which it keeps.
 */
final class VectorBuffers {

  private static final long MOST_BYTES = Integer.MAX_VALUE - 63;

  private final List<BufferPlan> plans;
  private final BufferAllocator allocator;
  private final ArrowBuf[] slices;
  private final ByteBuffer[] buffers;
  private final ArrowBuf[] own;
  private final int[] references;
  private final long[] reserved;

  /**
   * @param slices where the buffers lie, in the plan's order
   */
  VectorBuffers(List<BufferPlan> plans, ArrowBuf[] slices, BufferAllocator allocator) {
    this.plans = plans;
    this.allocator = allocator;
    this.slices = slices;
    this.buffers = new ByteBuffer[slices.length];
    this.own = new ArrowBuf[slices.length];
    this.references = new int[slices.length];
    this.reserved = new long[slices.length];
    for (int i = 0; i < slices.length; i++) {
      view(i);
      plans.get(i).prepare(buffers[i]);
    }
  }

  private void view(int i) {
    int size = Math.toIntExact(slices[i].capacity());
    buffers[i] = slices[i].nioBuffer(0, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  int count() {
    return buffers.length;
  }

  /** A buffer: little-endian, position 0, limit at the capacity, to be left so. */
  ByteBuffer get(int buffer) {
    return buffers[buffer];
  }

  /** A buffer that has room for so many values, those before included; may be another one. */
  ByteBuffer reserve(int buffer, long values) {
    long bytes = plans.get(buffer).bytesOf(values);
    reserved[buffer] = bytes;
    if (bytes > buffers[buffer].capacity()) {
      grow(buffer, bytes);
    }
    return buffers[buffer];
  }

  private void grow(int i, long bytes) {
    if (bytes > MOST_BYTES) {
      throw new ArrayException(
          ErrorCode.FRAME_TOO_LARGE,
          "values of variable length",
          "a batch of them needs more than the 2 GiB that a vector may have",
          "Read other columns only, or leave out the rows with the largest values");
    }
    ByteBuffer old = buffers[i];
    long wanted = (Math.max(bytes, Math.min(MOST_BYTES, 2L * old.capacity())) + 63) / 64 * 64;
    ArrowBuf larger = allocator.buffer(wanted);
    larger.setBytes(0, old.duplicate().clear());
    if (own[i] != null) {
      own[i].close();
    }
    own[i] = larger;
    slices[i] = larger.slice(0, Math.min(larger.capacity(), MOST_BYTES));
    view(i);
    buffers[i].position(old.capacity());
    plans.get(i).prepare(buffers[i]);
  }

  /** The next batch begins: nothing is reserved. */
  void begin() {
    Arrays.fill(reserved, 0);
  }

  /** Bytes that values of this batch have been found to need. */
  long reservedBytes() {
    long bytes = 0;
    for (long more : reserved) {
      bytes += more;
    }
    return bytes;
  }

  /** Adds the buffers to a list, in the plan's order. */
  void addTo(List<ArrowBuf> list) {
    list.addAll(List.of(slices));
  }

  /** Remembers who holds the memory that is the buffers' own. */
  void handOver() {
    for (int i = 0; i < own.length; i++) {
      references[i] = own[i] == null ? 0 : own[i].refCnt();
    }
  }

  /** Whether nobody has kept or taken over a part of it since. */
  boolean untouched() {
    for (int i = 0; i < own.length; i++) {
      if (own[i] != null && own[i].refCnt() != references[i]) {
        return false;
      }
    }
    return true;
  }

  /** Gives up the memory that is the buffers' own; who else holds a part of it keeps that. */
  void free() {
    for (ArrowBuf buffer : own) {
      if (buffer != null) {
        buffer.close();
      }
    }
  }

  /** Overwrites data, but not what tells where it is. */
  void fillData(byte value) {
    for (int i = 0; i < buffers.length; i++) {
      if (plans.get(i).kind() == BufferPlan.Kind.DATA) {
        for (int at = 0; at < buffers[i].capacity(); at++) {
          buffers[i].put(at, value);
        }
      }
    }
  }
}
