// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import com.intel.gkl.compression.IntelInflater;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;

/**
 * Inflates whole zlib streams by Intel's ISA-L, which comes with {@code com.intel.gkl:gkl} and is
 * several times as fast as the JDK's inflater. It gives a stream up instead of saying what is wrong
 * with it: the JDK's inflater says that. Keeps native memory: one thread uses it at a time.
 *
 * <p>Without the jar on the class path, this class can't be linked.
 */
final class IsalInflater {

  /** What {@link #inflate} gives for a stream that it can't inflate. */
  static final int GIVEN_UP = -1;

  private static final int HEADER = 2;
  private static final int CHECK = 4;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final Cleaner CLEANER = Cleaner.create();
  private static final boolean LOADED = load();

  private final IntelInflater inflater = new IntelInflater(true);

  private IsalInflater() {
    // Its native memory is of no garbage collector, and decoders are not closed.
    CLEANER.register(this, inflater::end);
  }

  /**
   * An inflater, if the library's native part is there for this machine.
   *
   * @throws LinkageError if the jar is not on the class path
   */
  static Optional<IsalInflater> find() {
    return LOADED ? Optional.of(new IsalInflater()) : Optional.empty();
  }

  private static boolean load() {
    // The library complains in the log where it finds nothing to load.
    String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return (machine.equals("amd64") || machine.equals("x86_64"))
        && new IntelInflater(true).load(null);
  }

  /**
   * Inflates a stream that is all of a range of bytes, and checks it.
   *
   * @return the number of bytes written, or {@link #GIVEN_UP}; the target's range may be written to
   *     nevertheless
   */
  int inflate(byte[] source, int from, int length, byte[] target, int at, int room) {
    int body = length - HEADER - CHECK;
    if (body < 1 || room < 1 || !plainHeader(source[from], source[from + 1])) {
      return GIVEN_UP;
    }
    int bytes;
    try {
      inflater.reset();
      inflater.setInput(source, from + HEADER, body);
      bytes = inflater.inflate(target, at, room);
    } catch (RuntimeException e) {
      return GIVEN_UP;
    }
    // The library does not say where a stream ended: only the check value tells that all is well.
    boolean right = Adler.of(target, at, bytes) == (int) INTS.get(source, from + length - CHECK);
    return right ? bytes : GIVEN_UP;
  }

  /** Whether two bytes announce a deflate stream without a dictionary (RFC 1950, 2.2). */
  private static boolean plainHeader(byte method, byte flags) {
    return (method & 0x0f) == 8
        && (flags & 0x20) == 0
        && ((method & 0xff) << 8 | (flags & 0xff)) % 31 == 0;
  }
}
