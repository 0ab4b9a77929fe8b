// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import com.intel.gkl.compression.IntelInflater;
import java.lang.ref.Cleaner;
import java.util.Locale;
import java.util.Optional;

/**
 * Inflates whole zlib streams by Intel's ISA-L, which comes with {@code com.intel.gkl:gkl} and is
 * several times as fast as the JDK's inflater. It gives a stream up instead of saying what is wrong
 * with it: the JDK's inflater says that. Keeps native memory.
 *
 * <p>Without the jar on the class path, this class can't be linked.
 */
final class IsalInflater implements StreamInflater {

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

  /** The stream must fill the range: the library does not say where one ends. */
  @Override
  public int inflate(byte[] source, int from, int length, byte[] target, int at, int room) {
    int body = length - HEADER - CHECK;
    if (room < 1 || !StreamInflater.isPlain(source, from, length)) {
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
    return StreamInflater.isRight(source, from + length - CHECK, target, at, bytes)
        ? bytes
        : GIVEN_UP;
  }
}
