// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.swmr;

import io.sparkarrays.hdf5.Dataset;
import io.sparkarrays.hdf5.Hdf5Writer;
import io.sparkarrays.hdf5.library.DatasetWriter;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives what data sets hold for each point of a live scan, once all of them have it: a {@link
 * KeyFollower} and a {@link FrameReader} a data set. Used by one thread at a time; the files must
 * stay open.
 */
public final class DataSource implements Iterator<ScanFrames> {

  /** Scan points that are read ahead: no more than what a few cores have to do. */
  private static final int AHEAD = Math.min(4, Runtime.getRuntime().availableProcessors());

  private final Map<String, ScanData> data = new LinkedHashMap<>();
  private final KeyFollower follower;
  private final ReadAhead ahead = new ReadAhead(this::read);

  /** Follows with the {@linkplain FollowOptions#DEFAULTS default} options. */
  public DataSource(List<Dataset> keys, Map<String, Dataset> datasets) {
    this(keys, datasets, Map.of(), FollowOptions.DEFAULTS);
  }

  /** Follows data sets of the keys' scan, by names of the caller's choice. */
  public DataSource(List<Dataset> keys, Map<String, Dataset> datasets, FollowOptions options) {
    this(keys, datasets, Map.of(), options);
  }

  /**
   * @param keys a frame counts once all are set
   * @param datasets their first dimensions are the scan's, as many as the keys have
   * @param interleaved stacks of several data sets each, whose frames follow each other in turn
   * @param options how to follow
   * @throws io.sparkarrays.core.ArrayException {@code SCAN_SHAPES_DIFFER}
   */
  public DataSource(
      List<Dataset> keys,
      Map<String, Dataset> datasets,
      Map<String, List<Dataset>> interleaved,
      FollowOptions options) {
    this(
        keys.stream().map(KeySource::of).toList(),
        readers(ScanShapes.rank(keys.stream().map(KeySource::of).toList()), datasets, interleaved),
        options,
        Waiting.REAL);
  }

  private DataSource(
      List<KeySource> keys,
      Map<String, ? extends ScanData> data,
      FollowOptions options,
      Waiting waiting) {
    if (data.isEmpty()) {
      throw new IllegalArgumentException("no data set to follow");
    }
    this.data.putAll(data);
    this.follower = new KeyFollower(keys, List.copyOf(data.values()), options, waiting);
  }

  /** Follows keys and data of any kind. */
  public static DataSource of(
      List<KeySource> keys, Map<String, ? extends ScanData> data, FollowOptions options) {
    return new DataSource(keys, data, options, Waiting.REAL);
  }

  private static Map<String, ScanData> readers(
      int rank, Map<String, Dataset> datasets, Map<String, List<Dataset>> interleaved) {
    Map<String, ScanData> readers = new LinkedHashMap<>();
    datasets.forEach((name, dataset) -> readers.put(name, new FrameReader(dataset, rank)));
    interleaved.forEach(
        (name, turns) -> {
          ScanShapes.requireRank(1, rank, name);
          readers.put(name, new InterleavedFrames(turns));
        });
    return readers;
  }

  /** The follower of the keys, which says how far the scan is. */
  public KeyFollower keys() {
    return follower;
  }

  /** Whether the finished data set was seen set. */
  public boolean isScanFinished() {
    return follower.isFinishedSet();
  }

  /** Whether the last wait ended because nothing came. */
  public boolean hasTimedOut() {
    return follower.hasTimedOut();
  }

  /** Begins again at the first frame; whether the scan is finished stays known. */
  public void reset() {
    ahead.clear();
    follower.reset();
  }

  /**
   * Makes a data set for what is made of the frames: the scan's dimensions, of extent 1 now and of
   * the scan's in the end, and the array's. The array becomes its first element, whatever frame it
   * is of. Once it is made, {@link Hdf5Writer#startSwmr} lets others read it while it grows.
   *
   * @param data what was made of the first frame
   */
  public DatasetWriter createDataset(Frame data, Hdf5Writer file, String path) {
    return ScanResults.create(data, follower.maxshape(), file, path);
  }

  /**
   * Writes what was made of a frame to its place, to where the data set grows if need be, and has
   * readers see it.
   *
   * @param slices the frame's {@linkplain ScanFrames#sliceMetadata() place}
   * @param dataset as {@link #createDataset} made it
   * @throws io.sparkarrays.core.ArrayException {@code FRAME_OUT_OF_RANGE}
   */
  public void appendData(Frame data, SliceMetadata slices, DatasetWriter dataset) {
    ScanResults.append(data, slices, dataset);
  }

  /** Waits for the next frame. */
  @Override
  public boolean hasNext() {
    return follower.hasNext();
  }

  @Override
  public ScanFrames next() {
    long index = follower.nextLong();
    return ahead.next(index, follower.coming(AHEAD));
  }

  /**
   * Takes memory back for the frames to come, which spares time where they are large. It is no
   * error not to.
   *
   * @param frames what this gave, and nobody uses any more: its frames can't be read from now on
   */
  public void recycle(ScanFrames frames) {
    frames.frames().forEach((name, frame) -> data.get(name).recycle(frame));
  }

  private ScanFrames read(long index) throws IOException {
    long[] position = ScanPosition.raster(index, follower.frontier().scan());
    Map<String, Frame> frames = new LinkedHashMap<>();
    for (Map.Entry<String, ScanData> entry : data.entrySet()) {
      frames.put(entry.getKey(), entry.getValue().read(position));
    }
    return new ScanFrames(index, follower.maxshape(), SliceMetadata.at(position), frames);
  }
}
