// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hadoop;

import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ByteSource;
import io.sparkarrays.core.ErrorCode;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.OpenFileOptions;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A file of one of Hadoop's file systems by positional reads. Into direct memory the bytes are
 * copied once where the file system can do that, else through scratch that reads share.
 */
public final class HadoopByteSource implements ByteSource {

  /** Longest read through scratch: each may be a request of its own to an object store. */
  private static final int SCRATCH = 4 << 20;

  private final Path path;
  private final FileSystem fileSystem;
  private final FSDataInputStream stream;
  private final boolean intoBuffers;
  private final ConcurrentLinkedQueue<byte[]> scratch = new ConcurrentLinkedQueue<>();

  private HadoopByteSource(Path path, FileSystem fileSystem, FSDataInputStream stream) {
    this.path = path;
    this.fileSystem = fileSystem;
    this.stream = stream;
    this.intoBuffers = stream.hasCapability(StreamCapabilities.PREADBYTEBUFFER);
  }

  /**
   * Opens a file for reads here and there; empty if nothing is there.
   *
   * @throws ArrayException {@code NOT_A_DATA_SET} for a folder; {@code IO_FAILED} if the file can't
   *     be opened, or nothing knows the URI's scheme
   */
  public static Optional<HadoopByteSource> open(String uri, HadoopSettings settings)
      throws IOException {
    try {
      Path path = new Path(uri);
      FileSystem fileSystem = path.getFileSystem(settings.configuration());
      FileStatus status = fileSystem.getFileStatus(path);
      if (status.isDirectory()) {
        throw new ArrayException(
            ErrorCode.NOT_A_DATA_SET, uri, "it is a folder, not a file", "Give the path of a file");
      }
      FSDataInputStream stream =
          fileSystem
              .openFile(path)
              .withFileStatus(status)
              .opt(
                  OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY,
                  OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_RANDOM)
              .build()
              .get();
      return Optional.of(new HadoopByteSource(path, fileSystem, stream));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FileNotFoundException) {
        return Optional.empty();
      }
      throw failed(uri, "opened", e.getCause());
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw failed(uri, "opened", e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    InterruptedIOException interrupted = new InterruptedIOException();
    interrupted.initCause(cause);
    return interrupted;
  }

  private static ArrayException failed(Object where, String what, Throwable cause) {
    return new ArrayException(
        ErrorCode.IO_FAILED,
        where,
        "the file can't be " + what + ": " + cause,
        "Check the URI, your permissions, and that the file system's client is on the class path",
        cause);
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public long size() throws IOException {
    try {
      return fileSystem.getFileStatus(path).getLen();
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw failed(path, "looked at", e);
    }
  }

  @Override
  public void readFully(long position, ByteBuffer destination) throws IOException {
    long end = position + destination.remaining();
    try {
      if (intoBuffers) {
        stream.readFully(position, destination);
      } else if (destination.hasArray()) {
        int at = destination.arrayOffset() + destination.position();
        stream.readFully(position, destination.array(), at, destination.remaining());
        destination.position(destination.limit());
      } else {
        throughScratch(position, destination);
      }
    } catch (EOFException e) {
      throw new ArrayException(
          ErrorCode.FILE_TRUNCATED,
          path,
          "the file ends before byte " + end,
          "Check that nothing rewrites or truncates the file while it is read",
          e);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw failed(path, "read at byte " + position, e);
    }
  }

  private void throughScratch(long position, ByteBuffer destination) throws IOException {
    int most = Math.min(SCRATCH, destination.remaining());
    byte[] bytes = scratch.poll();
    if (bytes == null || bytes.length < most) {
      bytes = new byte[most];
    }
    long at = position;
    while (destination.hasRemaining()) {
      int length = Math.min(most, destination.remaining());
      stream.readFully(at, bytes, 0, length);
      destination.put(bytes, 0, length);
      at += length;
    }
    scratch.add(bytes);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
