// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.clusterdata;

import io.sparkarrays.clusterdata.PartitionStructure;
import io.sparkarrays.clusterdata.PieceWriter;
import io.sparkarrays.clusterdata.StreamFolder;
import io.sparkarrays.clusterdata.StreamPiece;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.spark.source.FileBounds;
import io.sparkarrays.spark.source.StreamTask;
import io.sparkarrays.spark.write.FrameRows;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;

/** Writes a task's frames of one epoch, those of each partition into a piece of it. */
final class ClusterStreamTask implements StreamTask {

  /** Pieces that may be open at the same time; each has a buffer of some megabytes. */
  static final int MAX_OPEN = 32;

  private final Factory job;
  private final StreamFolder folder;
  private final String host;
  private final FrameRows.Encoder encoder;
  private final Map<Integer, PieceWriter> open = new LinkedHashMap<>();
  private final ArrayList<StreamPiece> sealed = new ArrayList<>();
  private PieceWriter current;
  private long bytes;

  private ClusterStreamTask(Factory job, String host) {
    this.job = job;
    this.host = host;
    this.folder = job.folder();
    this.encoder = job.rows.encoder();
  }

  /**
   * What tasks need.
   *
   * @param base the data set's path
   * @param query the streaming query
   * @param decided the last epoch that was decided, or -1
   * @param taken partitions that are published
   */
  record Factory(
      String base,
      String query,
      PartitionStructure structure,
      FileBounds files,
      FrameRows rows,
      long decided,
      BitSet taken)
      implements StreamTask.Factory {

    @Override
    public StreamTask open(int task, long epoch, String host) {
      if (epoch < decided) {
        throw new ArrayException(
            ErrorCode.CHECKPOINT_INVALID,
            base,
            "epoch " + epoch + " is to be written, but the data set has epoch " + decided,
            "Restart from the newest checkpoint, or begin anew with another one and another path");
      }
      return epoch == decided ? new Known() : new ClusterStreamTask(this, host);
    }

    StreamFolder folder() {
      return StreamFolder.of(Path.of(base), structure, query);
    }
  }

  /** Passes over the rows of an epoch that was decided before. */
  private static final class Known implements StreamTask {
    @Override
    public void write(InternalRow row) {}

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public Serializable seal() {
      return new ArrayList<StreamPiece>();
    }

    @Override
    public void unseal() {}

    @Override
    public void close() {}
  }

  @Override
  public void write(InternalRow row) throws IOException {
    long frame = job.rows.frame(row);
    if (current == null || !current.takes(frame)) {
      current = piece(job.files.fileOf(frame));
    }
    ByteBuffer encoded = encoder.encode(row, frame);
    bytes += encoded.remaining();
    current.write(frame, encoded);
  }

  private PieceWriter piece(int partition) throws IOException {
    PieceWriter writer = open.get(partition);
    if (writer == null) {
      if (job.taken.get(partition)) {
        throw new ArrayException(
            ErrorCode.PARTITION_EXISTS,
            job.base + " partition " + partition,
            "it is published already, and the stream has rows for its frames "
                + job.structure.from(partition)
                + ":"
                + job.structure.to(partition),
            "Leave these frames out, by option startingIndex or a filter, or write to another"
                + " path");
      }
      if (open.size() == MAX_OPEN) {
        // Rows that come in any order: more frames of this partition go into another piece.
        sealEldest();
      }
      writer = folder.begin(partition);
      open.put(partition, writer);
    }
    return writer;
  }

  private void sealEldest() throws IOException {
    Iterator<PieceWriter> eldest = open.values().iterator();
    try (PieceWriter writer = eldest.next()) {
      sealed.add(writer.seal(host));
    }
    eldest.remove();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public Serializable seal() throws IOException {
    current = null;
    while (!open.isEmpty()) {
      sealEldest();
    }
    return sealed;
  }

  @Override
  public void unseal() throws IOException {
    for (StreamPiece piece : sealed) {
      folder.remove(piece);
    }
  }

  @Override
  public void close() throws IOException {
    for (PieceWriter writer : List.copyOf(open.values())) {
      writer.close();
    }
    open.clear();
  }
}
