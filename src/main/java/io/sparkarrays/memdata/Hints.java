// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata;

import java.util.LinkedHashMap;
import java.util.Map;

/** Attributes of files that say which data sets were spread over a cluster, and of what class. */
final class Hints {

  static final String SUBCLASS = "__memh5_subclass";
  private static final String FILE = "__memh5_distributed_file";
  private static final String DATASET = "__memh5_distributed_dset";
  private static final String AXIS = "__memh5_distributed_axis";

  private Hints() {}

  static void markFile(BaseGroup root) {
    root.attrs().putAll(Map.of(FILE, true));
  }

  static void mark(BaseDataset source, BaseDataset target) {
    Map<String, Object> hints = new LinkedHashMap<>();
    hints.put(DATASET, source.distributed());
    if (source instanceof MemDataset dataset && dataset.axis().isPresent()) {
      hints.put(AXIS, (long) dataset.axis().getAsInt());
    }
    target.attrs().putAll(hints);
  }

  /** What an attribute and the user say of a data set, the user first. */
  static ReadOptions.Hint of(BaseDataset dataset, ReadOptions.Hint given) {
    Map<String, Object> attrs = dataset.attrs();
    boolean marked = Boolean.TRUE.equals(attrs.get(DATASET));
    int axis = attrs.get(AXIS) instanceof Number number ? number.intValue() : 0;
    ReadOptions.Hint user = given == null ? new ReadOptions.Hint(null, null) : given;
    return new ReadOptions.Hint(
        user.distributed() == null ? (Boolean) marked : user.distributed(),
        user.axis() == null ? (Integer) axis : user.axis());
  }
}
