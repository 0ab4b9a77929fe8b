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
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damages files in thousands of ways: whatever is done to one, its objects are read, or there is an
 * error that says where and what. Time and memory stay bounded. Checksums that the damage breaks
 * are mended, so that the damage behind them is met too.
 */
final class DamagedFilesTest {

  private static final int FILES = 30;
  private static final int MUTATIONS = 5000 / FILES + 1;
  private static final long MOST_BYTES = 64L << 20;
  private static final long MOST_NANOS = 2_000_000_000L;
  private static final Pattern CHECKSUM =
      Pattern.compile("offset (\\d+): .*: checksum [0-9a-f]{8}, expected ([0-9a-f]{8}) as");
  private static final Pattern PLACE = Pattern.compile("(?s).*, .*: .+ expected .+");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Stream<ReferenceFilesTest.Case> files() throws IOException {
    List<ReferenceFilesTest.Case> all = ReferenceFilesTest.whole().toList();
    // Every other one, so that all kinds of files are among them.
    return all.stream().filter(file -> all.indexOf(file) % 2 == 0).limit(FILES);
  }

  @ParameterizedTest
  @MethodSource("files")
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void givesDataOrAnErrorThatSaysWhere(ReferenceFilesTest.Case test) throws IOException {
    byte[] whole = Files.readAllBytes(test.path());
    FileWalk untouched = FileWalk.of(new MemorySource("whole", whole));
    assertThat(untouched.errors()).allMatch(e -> e.code() == ErrorCode.UNSUPPORTED_FILTER);
    assertThat(untouched.datasets()).isPositive();
    Random random = new Random(test.toString().hashCode());
    for (int i = 0; i < MUTATIONS; i++) {
      long seed = random.nextLong();
      byte[] bytes = mutated(whole, new Random(seed));
      try {
        look(bytes, i % 2 == 0);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** Looks at a damaged file; with mending, again behind each checksum that the damage broke. */
  private static void look(byte[] bytes, boolean mend) throws IOException {
    for (int round = 0; round < (mend ? 8 : 1); round++) {
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      long start = THREADS.getCurrentThreadCpuTime();
      FileWalk walk = FileWalk.of(new MemorySource("damaged", bytes));
      // Work, not the time of a clock, which other processes of the machine share.
      assertThat(THREADS.getCurrentThreadCpuTime() - start).isLessThan(MOST_NANOS);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated).isLessThan(MOST_BYTES);
      boolean mended = false;
      for (ArrayException error : walk.errors()) {
        if (error.code() == ErrorCode.HDF5_DAMAGED) {
          assertThat(error.getMessage()).matches(PLACE);
        }
        Matcher checksum = CHECKSUM.matcher(error.getMessage());
        if (checksum.find()) {
          int at = Integer.parseInt(checksum.group(1));
          int right = Integer.parseUnsignedInt(checksum.group(2), 16);
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, right);
          mended = true;
        }
      }
      if (!mended) {
        return;
      }
    }
  }

  /** The type of a data set claims elements of 318 MB: no fill value is made of that size. */
  @Test
  void takesNoMemoryForElementsThatAreOnlyClaimed() throws IOException {
    byte[] whole =
        Files.readAllBytes(ReferenceFilesTest.FOLDER.resolve("cases/vds_samefile_v110.h5"));
    look(mutated(whole, new Random(-7177299782363440570L)), true);
  }

  private static byte[] mutated(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      int at = random.nextInt(bytes.length);
      int length = Math.min(1 << random.nextInt(4), bytes.length - at);
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> Arrays.fill(bytes, at, at + length, (byte) -1);
        case 3 -> Arrays.fill(bytes, at, at + length, (byte) 0);
        case 4 -> bytes[at + length - 1] = 0x7f;
        case 5 -> {
          // What was an address elsewhere may lead in circles here.
          int from = random.nextInt(bytes.length - length + 1);
          System.arraycopy(whole, from, bytes, at, length);
        }
        default -> {
          if (i == 0) {
            bytes = Arrays.copyOf(bytes, 1 + at);
          }
        }
      }
    }
    return bytes;
  }
}
