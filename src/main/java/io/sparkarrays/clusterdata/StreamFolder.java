// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.clusterdata;

import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.TempFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One host's part in a stream that writes a data set: the hidden folder {@code .stream-<query>} in
 * the data set's own, with the {@linkplain StreamLedger ledger} and with frames of partitions that
 * are not whole yet. It goes when the data set is removed or replaced.
 */
public final class StreamFolder {

  static final String PIECE = "piece-";

  private static final String PREFIX = ".stream-";
  private static final String LEDGER = "epoch.json";

  /** Bytes that are copied at once. */
  private static final int COPY = 4 << 20;

  private final Path base;
  private final PartitionStructure structure;
  private final Path folder;

  private StreamFolder(Path base, PartitionStructure structure, Path folder) {
    this.base = base;
    this.structure = structure;
    this.folder = folder;
  }

  /**
   * The part of this host. Touches no file.
   *
   * @param base the data set's folder
   * @param query the streaming query's identifier, the same after each restart
   */
  public static StreamFolder of(Path base, PartitionStructure structure, String query) {
    return new StreamFolder(base, structure, base.resolve(PREFIX + query));
  }

  /** Where a piece is. */
  public Path path(StreamPiece piece) {
    return folder.resolve(piece.name());
  }

  /** Begins a piece; makes the data set on this host if it is not there. */
  public PieceWriter begin(int partition) throws IOException {
    ClusterDataSet.create(base, structure);
    Folders.make(folder);
    return new PieceWriter(folder, structure, partition);
  }

  /** The ledger, if this host has one. */
  public Optional<StreamLedger> ledger() throws IOException {
    Path path = folder.resolve(LEDGER);
    return Files.exists(path)
        ? Optional.of(StreamLedger.parse(Files.readString(path), path))
        : Optional.empty();
  }

  /** Makes a ledger durable, in place of the one before. */
  public void write(StreamLedger ledger) throws IOException {
    ClusterDataSet.create(base, structure);
    Folders.make(folder);
    try (TempFile file = TempFile.create(folder, LEDGER)) {
      ByteBuffer text = ByteBuffer.wrap(ledger.toJson().getBytes(StandardCharsets.UTF_8));
      while (text.hasRemaining()) {
        file.channel().write(text);
      }
      file.publish(folder.resolve(LEDGER), true);
    }
    Folders.sync(folder);
  }

  /** The names of the pieces that this host has. */
  public SortedSet<String> pieces() throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PIECE + "*")) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return names;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  /** Removes what writers that died have left half-way; of live ones, nothing. */
  public void removeTemps() throws IOException {
    TempFile.removeStale(folder);
  }

  /** Removes all pieces but some. */
  public void keepOnly(Collection<String> names) throws IOException {
    for (String name : pieces()) {
      if (!names.contains(name)) {
        Files.deleteIfExists(folder.resolve(name));
      }
    }
  }

  /** Removes a piece. */
  public void remove(StreamPiece piece) throws IOException {
    Files.deleteIfExists(path(piece));
  }

  /**
   * Publishes a partition of which this host has all pieces; does nothing if it is published. May
   * be done again after a crash.
   */
  public void publish(int partition, List<StreamPiece> pieces) throws IOException {
    Partition target = ClusterDataSet.create(base, structure).partition(partition);
    if (target.isPresent()) {
      return;
    }
    List<StreamPiece> largest = new ArrayList<>(pieces);
    largest.sort(Comparator.comparing((StreamPiece piece) -> -piece.frames().count()));
    Path whole = path(largest.get(0));
    if (largest.size() > 1) {
      try (FileChannel into = FileChannel.open(whole, StandardOpenOption.WRITE)) {
        for (StreamPiece piece : largest.subList(1, largest.size())) {
          copy(piece, into);
        }
        into.force(true);
      }
    }
    if (Files.size(whole) != target.bytes()) {
      throw new DataSetException(
          ErrorCode.COMMIT_FAILED,
          whole,
          "a piece that was sealed here was changed",
          "Begin the stream anew with another checkpoint and another path");
    }
    Folders.makeInside(target.path().getParent());
    link(whole, target.path());
    Folders.sync(target.path().getParent());
  }

  /** Frames lie in the pieces where they will in the partition. */
  private void copy(StreamPiece piece, FileChannel into) throws IOException {
    long first = structure.from(piece.partition());
    FrameIntervals frames = piece.frames();
    try (FileByteSource from = FileByteSource.open(path(piece))) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(COPY);
      for (int i = 0; i < frames.size(); i++) {
        long at = (frames.from(i) - first) * structure.frameBytes();
        long end = (frames.to(i) - first) * structure.frameBytes();
        while (at < end) {
          buffer.clear().limit((int) Math.min(COPY, end - at));
          from.readFully(at, buffer);
          buffer.flip();
          while (buffer.hasRemaining()) {
            at += into.write(buffer, at);
          }
        }
      }
    }
  }

  /** A rename would replace what another writer published meanwhile; a link does not. */
  private static void link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      throw new DataSetException(
          ErrorCode.PARTITION_EXISTS,
          to,
          "another writer has published the partition while the stream did",
          "Let one job at a time write a partition",
          e);
    } catch (IOException | UnsupportedOperationException e) {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
