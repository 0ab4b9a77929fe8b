// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.clusterdata.Diagnostic.Group;
import io.sparkarrays.clusterdata.Diagnostic.Text;
import io.sparkarrays.core.FrameIntervals;
import java.util.List;

/** What this host can tell about a data set, from its structure and one look at its folder. */
final class DataSetDiagnostics {

  private DataSetDiagnostics() {}

  static List<Diagnostic> of(ClusterDataSet dataSet) {
    PartitionStructure structure = dataSet.structure();
    return List.of(
        text("path", dataSet.path()),
        new Group(
            "structure",
            List.of(
                text("version", PartitionStructure.VERSION),
                text("scan", structure.scan()),
                text("frame", structure.frame()),
                text("dtype", structure.dtype()),
                text("frames", structure.frames()),
                text("partitions", structure.partitions()))),
        new Group("partitions on this host", present(structure, dataSet.listing())));
  }

  private static List<Diagnostic> present(PartitionStructure structure, PartitionListing listing) {
    FrameIntervals.Builder present = new FrameIntervals.Builder();
    long bytes = 0;
    int beyond = 0;
    for (int n = 0; n < listing.size(); n++) {
      if (listing.index(n) < structure.partitions()) {
        present.add(listing.index(n), listing.index(n) + 1L);
        bytes += Math.max(0, listing.bytes(n));
      } else {
        beyond++;
      }
    }
    FrameIntervals indexes = present.build();
    return List.of(
        text("present", indexes.count()),
        text("bytes", bytes),
        text("missing", indexes.complement(structure.partitions())),
        text("beyond the structure", beyond));
  }

  private static Text text(String name, Object value) {
    return new Text(name, value.toString());
  }
}
