// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.hdf5.Dataset;
import java.io.IOException;
import java.util.List;

/** A stack of frames that several writers wrote in turn, each into a data set of its own. */
public final class InterleavedFrames implements ScanData {

  private final List<FrameReader> readers;
  private final Turns turns;

  /** Data sets whose frames follow each other one by one. */
  public InterleavedFrames(List<Dataset> datasets) {
    this(datasets, 1);
  }

  /**
   * @param datasets in the order of their turns; the first dimension counts the frames
   * @param block frames that a writer takes in one turn
   */
  public InterleavedFrames(List<Dataset> datasets, long block) {
    this.turns = new Turns(datasets.size(), block);
    this.readers = datasets.stream().map(dataset -> new FrameReader(dataset, 1)).toList();
  }

  @Override
  public void refresh() throws IOException {
    for (FrameReader reader : readers) {
      reader.refresh();
    }
  }

  @Override
  public boolean isWritten(long... position) throws IOException {
    return readers.get(turns.writer(position[0])).isWritten(turns.offset(position[0]));
  }

  @Override
  public Frame read(long... position) throws IOException {
    Frame frame = readers.get(turns.writer(position[0])).read(turns.offset(position[0]));
    return frame.at(SliceMetadata.at(position));
  }

  @Override
  public void recycle(Frame frame) {
    readers.get(turns.writer(frame.sliceMetadata().position()[0])).recycle(frame);
  }
}
