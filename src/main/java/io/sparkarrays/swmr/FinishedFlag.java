// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.hdf5.Dataset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A writer's word that a scan is complete: a data set of one element, of any shape. Once it was
 * seen, it stands. A data set of more elements says nothing.
 */
public final class FinishedFlag {

  private static final System.Logger LOG = System.getLogger(FinishedFlag.class.getName());

  private final Optional<Dataset> dataset;
  private final Optional<KeyElements> elements;
  private boolean set;
  private boolean warned;

  /** The flag of a data set; without one it is never set. */
  public FinishedFlag(Optional<Dataset> dataset) {
    this.dataset = dataset;
    this.elements = dataset.map(KeyElements::of);
  }

  /** Whether the flag was set when it was last looked at. */
  public boolean isSet() {
    return set;
  }

  /**
   * Looks at the file. What was written before a set flag is there, so look at the flag first and
   * at the keys afterwards.
   */
  public boolean look() throws IOException {
    if (set || dataset.isEmpty()) {
      return set;
    }
    Dataset flag = dataset.get();
    flag.refresh();
    long size = flag.shape().size();
    if (size > 1 && !warned) {
      warned = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} has {1} elements, so it does not tell the end of a scan: a timeout does",
          flag,
          size);
    }
    if (size == 1) {
      KeyElements element = elements.get();
      ByteBuffer bytes = ByteBuffer.allocate(element.size()).order(ByteOrder.nativeOrder());
      flag.read(Hyperslab.all(flag.shape()), bytes);
      set = element.isSet(bytes, 0);
    }
    return set;
  }
}
