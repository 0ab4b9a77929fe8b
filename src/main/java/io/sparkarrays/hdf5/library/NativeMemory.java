// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.library;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Memory that the library follows pointers into; freed as one. {@code hdf.hdf5lib} has calls for
 * text of variable length, but they encode what is beyond 16 bits wrongly.
 */
final class NativeMemory implements AutoCloseable {

  /** {@code sun.misc.Unsafe}, the only way to memory with an address in Java 17. */
  private static final class Access {
    private static final Object UNSAFE;
    private static final Method ALLOCATE;
    private static final Method FREE;
    private static final Method COPY;
    private static final Method CLEAR;
    private static final long BYTES;

    static {
      try {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        UNSAFE = field.get(null);
        ALLOCATE = type.getMethod("allocateMemory", long.class);
        FREE = type.getMethod("freeMemory", long.class);
        CLEAR = type.getMethod("setMemory", long.class, long.class, byte.class);
        COPY =
            type.getMethod(
                "copyMemory", Object.class, long.class, Object.class, long.class, long.class);
        BYTES =
            ((Integer) type.getMethod("arrayBaseOffset", Class.class).invoke(UNSAFE, byte[].class));
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private Access() {}

    static Object call(Method method, Object... arguments) {
      try {
        return method.invoke(UNSAFE, arguments);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("memory for the HDF Group's library", e);
      }
    }
  }

  private final long address;
  private long next;

  /** Takes so many bytes. */
  NativeMemory(long size) {
    // Rounded up for the alignment of each piece, and never nothing.
    address = (Long) Access.call(Access.ALLOCATE, size + Long.BYTES);
    next = address;
  }

  /** Bytes that a piece takes. */
  static long size(int length) {
    return (length + 1L + 7) & -8;
  }

  /** Copies a piece with a NUL behind it, and gives its address, which is a multiple of 8. */
  long add(byte[] piece) {
    long at = next;
    Access.call(Access.CLEAR, at, size(piece.length), (byte) 0);
    Access.call(Access.COPY, piece, Access.BYTES, null, at, (long) piece.length);
    next += size(piece.length);
    return at;
  }

  @Override
  public void close() {
    Access.call(Access.FREE, address);
  }
}
