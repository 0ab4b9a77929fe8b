// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.hadoop;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.fs.ByteBufferPositionedReadable;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;

/** Local files that are read into buffers at any position, as HDFS's are: {@code channel:/…}. */
public final class ChannelFileSystem extends RawLocalFileSystem {

  @Override
  public URI getUri() {
    return URI.create("channel:///");
  }

  @Override
  public String getScheme() {
    return "channel";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    try {
      return new FSDataInputStream(
          new Channel(FileChannel.open(pathToFile(path).toPath(), StandardOpenOption.READ)));
    } catch (NoSuchFileException e) {
      throw new FileNotFoundException(e.getMessage());
    }
  }

  private static final class Channel extends FSInputStream
      implements ByteBufferPositionedReadable, StreamCapabilities {

    private final FileChannel channel;

    Channel(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public boolean hasCapability(String capability) {
      return capability.equals(StreamCapabilities.PREADBYTEBUFFER);
    }

    @Override
    public int read(long position, ByteBuffer buffer) throws IOException {
      return channel.read(buffer, position);
    }

    @Override
    public void readFully(long position, ByteBuffer buffer) throws IOException {
      long at = position;
      while (buffer.hasRemaining()) {
        int count = read(at, buffer);
        if (count < 0) {
          throw new EOFException();
        }
        at += count;
      }
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("only positional reads into buffers");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      throw new UnsupportedOperationException("only positional reads into buffers");
    }

    @Override
    public void seek(long position) {
      throw new UnsupportedOperationException("only positional reads into buffers");
    }

    @Override
    public long getPos() {
      return 0;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
