// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata.zarr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.Index;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StagedChunksTest {

  @TempDir Path temp;

  @Test
  void chunksAreTheArraysWithoutWhatKilledWritersLeft() throws IOException {
    NdArray data = NdArray.of(1.0, 2.0, 3.0);
    StagedChunks staged;
    try (ZarrGroup root = ZarrGroup.create(temp.resolve("t.zarr"))) {
      root.createGroup("g");
      root.createArray("g/x", ZarrMetadata.of(data.type(), Shape.of(3), Shape.of(2), null))
          .attributes(Map.of("unit", "K"));
      staged = StagedChunks.of(temp.resolve("t.zarr"), "g/x");
      ZarrArray writer = StagedChunks.open(staged.folder());
      writer.write(data, List.of(Index.all()));
      Files.writeString(staged.folder().resolve(".tmp-0-half"), "half");
      assertThat(root.array("g/x").read(List.of()).values()).containsExactly(0.0, 0.0, 0.0);
      staged.publish();
      assertThat(root.array("g/x").read(List.of())).isEqualTo(data);
      assertThat(root.array("g/x").attributes()).isEqualTo(Map.of("unit", "K"));
      // One that was held for dead writes nowhere.
      assertThatThrownBy(() -> writer.write(NdArray.of(-1.0), List.of(Index.slice(0, 2))))
          .isInstanceOf(NoSuchFileException.class);
      assertThat(root.array("g/x").read(List.of())).isEqualTo(data);
    }
    try (var files = Files.walk(temp.resolve("t.zarr"))) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(".zgroup", ".zgroup", ".zarray", ".zattrs", "0", "1");
    }
    assertThatThrownBy(() -> StagedChunks.open(staged.folder()))
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PART_MISSING));
  }
}
