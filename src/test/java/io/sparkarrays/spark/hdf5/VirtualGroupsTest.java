// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.hdf5.Hdf5File;
import io.sparkarrays.hdf5.virtual.VirtualPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How splits follow the sources, in the use cases that h5py's documentation has. */
class VirtualGroupsTest {

  private static final Path CASES = Path.of("src/test/resources/vds").toAbsolutePath();

  private static VirtualPlan plan(String file, String dataset) throws IOException {
    try (Hdf5File open = Hdf5File.open(CASES.resolve(file))) {
      return open.dataset(dataset).plan().orElseThrow();
    }
  }

  private static VirtualGroups groups(VirtualPlan plan, boolean apart) {
    return VirtualGroups.of(plan, 1, 1 << 20, 4, apart, false);
  }

  @ParameterizedTest
  @CsvSource({
    "vds_simple/VDS.h5,vdata",
    "eiger_use_case/eiger_vds.h5,data",
    "excalibur_detector_modules/full_detector.h5,full_frame",
    "percival_use_case/full_time_series.h5,data",
    "odin_blocks_fixed/run_vds.h5,data",
    "overlap/master.h5,data"
  })
  void groupsAreAllFramesOnce(String file, String dataset) throws IOException {
    VirtualPlan plan = plan(file, dataset);
    for (boolean apart : new boolean[] {false, true}) {
      VirtualGroups groups = groups(plan, apart);
      FrameIntervals all = FrameIntervals.EMPTY;
      long count = 0;
      long last = -1;
      for (VirtualGroups.Group group : groups.groups()) {
        all = all.union(group.frames());
        count += group.frames().count();
        assertThat(group.frames().from(0)).isGreaterThan(last);
        last = group.frames().from(0);
      }
      assertThat(all).isEqualTo(FrameIntervals.of(0, plan.frames(1)));
      assertThat(count).isEqualTo(plan.frames(1));
    }
  }

  @Test
  void filesAlongTheScanAreGroupsEach() throws IOException {
    VirtualGroups groups = groups(plan("eiger_use_case/eiger_vds.h5", "data"), false);
    assertThat(groups.interleaved()).isFalse();
    assertThat(groups.groups()).allMatch(group -> group.bytes().size() == 1);
    assertThat(groups.groups()).hasSizeGreaterThan(1);
  }

  @Test
  void modulesSideBySideAreOneGroup() throws IOException {
    VirtualPlan plan = plan("excalibur_detector_modules/full_detector.h5", "full_frame");
    List<VirtualGroups.Group> groups = groups(plan, true).groups();
    assertThat(groups).hasSize(1);
    assertThat(groups.get(0).bytes()).hasSize(6);
    long bytes = groups.get(0).bytes().values().stream().mapToLong(b -> b).sum();
    assertThat(bytes)
        .isEqualTo(plan.parts().stream().mapToLong(p -> p.size()).sum() * plan.datatype().size());
  }

  @Test
  void interleavedFilesAreGroupsWhereThatOpensFewer() throws IOException {
    VirtualPlan plan = plan("percival_use_case/full_time_series.h5", "data");
    VirtualGroups apart = groups(plan, true);
    assertThat(apart.interleaved()).isTrue();
    assertThat(apart.groups()).hasSize(4).allMatch(group -> group.bytes().size() == 1);
    // One task would open all four either way.
    assertThat(groups(plan, false).interleaved()).isFalse();
    // Tasks of a few frames each would open all four again and again.
    VirtualGroups small = VirtualGroups.of(plan, 1, 512, 4, false, false);
    assertThat(small.interleaved()).isTrue();
  }
}
