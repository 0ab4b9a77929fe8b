// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.core.ValueType;
import io.sparkarrays.hdf5.library.DatasetCreation;
import io.sparkarrays.hdf5.virtual.VirtualAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that its writer still lets grow to what is mapped of it. */
final class AwaitedSourceTest {

  private static final ValueType BYTE = new ValueType.Plain(Dtype.parse("uint8"));
  private static final int MAPPED = 20;

  @TempDir Path folder;

  @Test
  void isNotThereUntilItHasWhatIsMapped() throws IOException {
    Path master = folder.resolve("master.h5");
    try (Hdf5Writer writer = Hdf5Writer.create(master)) {
      VirtualLayout layout = new VirtualLayout(BYTE, Shape.of(MAPPED));
      layout.map(":", VirtualSource.of("source.h5", "d", Shape.of(MAPPED)));
      writer.createVirtualDataset("d", layout, 9);
    }
    source(7);
    try (Hdf5File file = Hdf5File.open(master)) {
      assertThatThrownBy(() -> read(file.dataset("/d")))
          .hasMessageContaining("VDS_SOURCE_UNUSABLE");
      Dataset awaited = awaited(file);
      assertThat(read(awaited)).containsOnly(9);
      assertThat(awaited.isStored(Hyperslab.all(Shape.of(MAPPED)))).isFalse();
      source(MAPPED);
      awaited.refresh();
      assertThat(read(awaited)).containsOnly(1);
    }
    try (Hdf5File file = Hdf5File.open(master)) {
      assertThat(read(awaited(file))).containsOnly(1);
      assertThat(awaited(file).isStored(Hyperslab.all(Shape.of(MAPPED)))).isTrue();
    }
  }

  private void source(int length) {
    try (Hdf5Writer writer = Hdf5Writer.create(folder.resolve("source.h5"))) {
      DatasetCreation growing =
          DatasetCreation.of(BYTE, Shape.of(length)).maxDims(-1).chunk(Shape.of(8));
      byte[] ones = new byte[length];
      Arrays.fill(ones, (byte) 1);
      writer
          .createDataset("d", growing)
          .write(Hyperslab.all(Shape.of(length)), ByteBuffer.wrap(ones));
    }
  }

  private static Dataset awaited(Hdf5File file) throws IOException {
    VirtualAccess access = VirtualAccess.DEFAULT.withMissing(VirtualAccess.Missing.AWAIT);
    return file.dataset("/d").with(access);
  }

  private static byte[] read(Dataset dataset) throws IOException {
    byte[] values = new byte[MAPPED];
    dataset.read(Hyperslab.all(Shape.of(MAPPED)), ByteBuffer.wrap(values));
    return values;
  }
}
