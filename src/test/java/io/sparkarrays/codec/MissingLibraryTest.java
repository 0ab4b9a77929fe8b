// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our classes alone on a class path, without what Spark brings. */
final class MissingLibraryTest {

  private static URLClassLoader alone() {
    URL classes = BlockDecoder.class.getProtectionDomain().getCodeSource().getLocation();
    return new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
  }

  @ParameterizedTest
  @CsvSource({
    "lz4, at.yawk.lz4:lz4-java",
    "zstd, com.github.luben:zstd-jni",
    "bzip2, org.apache.commons:commons-compress",
    "snappy, org.xerial.snappy:snappy-java"
  })
  void jarThatIsNotThereIsNamed(String compressor, String jar) throws Exception {
    try (URLClassLoader loader = alone()) {
      var decoder = loader.loadClass(BlockDecoder.class.getName()).getMethod(compressor);
      assertThatThrownBy(() -> decoder.invoke(null))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .hasMessageStartingWith("[LIBRARY_MISSING] compressor " + compressor)
          .hasMessageEndingWith("Put " + jar + " on the class path, as Spark does.");
    }
  }

  @ParameterizedTest
  @CsvSource({"bloscLz", "zlib"})
  void ownDecodersAndTheJdksNeedNone(String compressor) throws Exception {
    try (URLClassLoader loader = alone()) {
      Class<?> decoders = loader.loadClass(BlockDecoder.class.getName());
      assertThat(decoders.getMethod(compressor).invoke(null)).isInstanceOf(decoders);
    }
  }
}
