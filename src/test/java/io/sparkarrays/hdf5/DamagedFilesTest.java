// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damages files in thousands of ways, and looks at each as {@link DamagedFile} does. */
final class DamagedFilesTest {

  private static final int FILES = 30;
  private static final int MUTATIONS = 5000 / FILES + 1;

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
        DamagedFile.look(bytes);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** The type of a data set claims elements of 318 MB: no fill value is made of that size. */
  @Test
  void takesNoMemoryForElementsThatAreOnlyClaimed() throws IOException {
    byte[] whole =
        Files.readAllBytes(ReferenceFilesTest.FOLDER.resolve("cases/vds_samefile_v110.h5"));
    DamagedFile.look(mutated(whole, new Random(-7177299782363440570L)));
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
