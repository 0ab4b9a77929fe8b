// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a file that may be damaged in any way: its objects are read, or there is an error that
 * says where and what, in bounded time and memory. Checksums that the damage broke are mended then,
 * and it is looked at again, so that the code behind them meets the damage too.
 */
public final class DamagedFile {

  private static final int ROUNDS = 8;
  private static final long MOST_BYTES = 64L << 20;
  private static final long MOST_NANOS = 2_000_000_000L;
  private static final Pattern CHECKSUM =
      Pattern.compile("offset (\\d+): .*: checksum [0-9a-f]{8}, expected ([0-9a-f]{8}) as");
  private static final Pattern PLACE = Pattern.compile("(?s).*, .*: .+ expected .+");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private DamagedFile() {}

  /**
   * What a coverage-guided fuzzer calls ({@code make fuzz}); anything thrown is a finding.
   *
   * @param bytes the file
   */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    try {
      look(bytes.clone());
    } catch (AssertionError e) {
      // The fuzzer instruments classes when they are first used, which takes time and memory.
      look(bytes.clone());
    }
  }

  /** Looks at a file; its checksums may be changed. */
  static void look(byte[] bytes) throws IOException {
    boolean mended = true;
    for (int round = 0; round < ROUNDS && mended; round++) {
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      long start = THREADS.getCurrentThreadCpuTime();
      FileWalk walk = FileWalk.of(new MemorySource("damaged", bytes));
      // Work, not the time of a clock, which other processes of the machine share.
      assertThat(THREADS.getCurrentThreadCpuTime() - start).isLessThan(MOST_NANOS);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated).isLessThan(MOST_BYTES);
      mended = false;
      for (ArrayException error : walk.errors()) {
        mended |= mend(bytes, error);
      }
    }
  }

  private static boolean mend(byte[] bytes, ArrayException error) {
    if (error.code() == ErrorCode.HDF5_DAMAGED) {
      assertThat(error.getMessage()).matches(PLACE);
    }
    Matcher checksum = CHECKSUM.matcher(error.getMessage());
    if (!checksum.find()) {
      return false;
    }
    int at = Integer.parseInt(checksum.group(1));
    int right = Integer.parseUnsignedInt(checksum.group(2), 16);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, right);
    return true;
  }
}
