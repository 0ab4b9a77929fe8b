// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.memdata.zarr;

import io.sparkarrays.codec.BlockDecoder;
import io.sparkarrays.codec.BloscDecoder;
import io.sparkarrays.codec.BloscEncoder;
import io.sparkarrays.codec.DecodeException;
import io.sparkarrays.core.ArrayException;
import io.sparkarrays.core.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compresses chunks as numcodecs does, by the configuration that stands in an array's metadata. */
final class ZarrCodec {

  private static final int BLOSC_VERSION = 2;
  private static final int LZ4_FORMAT = 1;
  private static final int STORED = 2;
  private static final int BLOSC_HEADER = 16;

  private final String where;

  /** Null for none. */
  private final Map<?, ?> configuration;

  ZarrCodec(String where, Map<?, ?> configuration) {
    this.where = where;
    this.configuration = configuration;
  }

  private String id() {
    return configuration == null ? "none" : String.valueOf(configuration.get("id"));
  }

  /** Decodes a chunk that has a known number of bytes; -1 if the codec alone can tell. */
  byte[] decode(byte[] chunk, int size) throws IOException {
    try {
      byte[] decoded =
          switch (id()) {
            case "none" -> chunk;
            case "gzip" -> gunzip(chunk, size);
            case "zlib" -> block(BlockDecoder.zlib(), chunk, 0, size);
            case "blosc" -> blosc(chunk);
            case "zstd" -> block(BlockDecoder.zstd(), chunk, 0, size);
            case "lz4" -> block(BlockDecoder.lz4(), chunk, Integer.BYTES, size);
            case "bz2" -> block(BlockDecoder.bzip2(), chunk, 0, size);
            default -> throw unsupported();
          };
      if (size >= 0 && decoded.length != size) {
        throw new DecodeException("it holds " + decoded.length + " bytes, " + size + " are due");
      }
      return decoded;
    } catch (DecodeException | java.util.zip.ZipException | java.io.EOFException e) {
      throw new ArrayException(
          ErrorCode.FILE_DAMAGED,
          where,
          "a chunk can't be decoded by '" + id() + "': " + e.getMessage(),
          "Write the array again",
          e);
    }
  }

  /** At most one byte more than due, whatever the stream says. */
  private static byte[] gunzip(byte[] chunk, int size) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(chunk))) {
      return size < 0 ? in.readAllBytes() : in.readNBytes(size + 1);
    }
  }

  private byte[] block(BlockDecoder decoder, byte[] chunk, int from, int size)
      throws DecodeException {
    if (size < 0) {
      throw unsupported();
    }
    byte[] decoded = new byte[size];
    decoder.decode(chunk, from, chunk.length - from, decoded, 0, size);
    return decoded;
  }

  private static byte[] blosc(byte[] chunk) throws DecodeException {
    ByteBuffer frame = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    int size = chunk.length < BLOSC_HEADER ? 0 : Math.max(0, frame.getInt(Integer.BYTES));
    if (size > 255L * 256 * chunk.length) {
      throw new DecodeException("a Blosc frame of " + chunk.length + " bytes claims " + size);
    }
    byte[] decoded = new byte[size];
    new BloscDecoder().decode(frame, ByteBuffer.wrap(decoded));
    return decoded;
  }

  private ArrayException unsupported() {
    return new ArrayException(
        ErrorCode.UNSUPPORTED_FILTER,
        where,
        "chunks are compressed by '" + id() + "'",
        "Write the array with none, zlib, gzip or blosc");
  }

  /** Encodes a chunk. */
  byte[] encode(ByteBuffer chunk, int elementSize) throws IOException {
    byte[] bytes = new byte[chunk.remaining()];
    chunk.duplicate().get(bytes);
    return switch (id()) {
      case "none" -> bytes;
      case "gzip" -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new Gzip(out, level(1))) {
          gzip.write(bytes);
        }
        yield out.toByteArray();
      }
      case "zlib" -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream deflate = new DeflaterOutputStream(out, new Deflater(level(1)))) {
          deflate.write(bytes);
        }
        yield out.toByteArray();
      }
      case "blosc" -> bloscFrame(bytes, elementSize);
      default -> throw unsupported();
    };
  }

  private int level(int normal) {
    return configuration.get("level") instanceof Number level ? level.intValue() : normal;
  }

  /** The JDK's gzip at a level of its own. */
  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out, int level) throws IOException {
      super(out);
      def.setLevel(level);
    }
  }

  /**
   * Bytes shuffled in LZ4 blocks, whatever the configuration prefers: a frame tells its readers how
   * it was made.
   */
  private static byte[] bloscFrame(byte[] bytes, int elementSize) {
    ByteBuffer encoded = BloscEncoder.create().encode(ByteBuffer.wrap(bytes), elementSize);
    if (encoded == null) {
      ByteBuffer stored =
          ByteBuffer.allocate(BLOSC_HEADER + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
      stored.put((byte) BLOSC_VERSION).put((byte) LZ4_FORMAT).put((byte) STORED);
      stored.put((byte) (elementSize > 255 ? 1 : elementSize));
      stored.putInt(bytes.length).putInt(bytes.length).putInt(stored.capacity()).put(bytes);
      return stored.array();
    }
    byte[] frame = new byte[encoded.remaining()];
    encoded.get(frame);
    return frame;
  }
}
