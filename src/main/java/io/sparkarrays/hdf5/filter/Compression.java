// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.filter;

import io.sparkarrays.codec.BlockEncoder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the chunks of a new data set are compressed: the filters that its file names, and what makes
 * its chunks.
 *
 * @param method the compressor
 * @param shuffle whether bytes are sorted by significance first
 * @param level how hard it tries; 0 for those that have no levels
 */
public record Compression(Method method, boolean shuffle, int level) implements Serializable {

  /** Compressors, by their names in options. */
  public enum Method {
    /** Bytes as they are. */
    NONE(0, 0),
    /** Deflate, which every HDF5 library has. */
    GZIP(4, 9),
    /** LZ4, in the HDF5 plugin's frame. */
    LZ4(0, 0),
    /** The bits sorted by significance, then LZ4. */
    BITSHUFFLE_LZ4(0, 0),
    /** Zstandard. */
    ZSTD(3, 22);

    private final int usual;
    private final int most;

    Method(int usual, int most) {
      this.usual = usual;
      this.most = most;
    }
  }

  /** No compression. */
  public static final Compression NONE = new Compression(Method.NONE, false, 0);

  private static final String SHUFFLE = "shuffle-";
  private static final int ID_GZIP = 1;
  private static final int ID_SHUFFLE = 2;
  private static final int ID_LZ4 = 32004;
  private static final int ID_BITSHUFFLE = 32008;
  private static final int ID_ZSTD = 32015;
  private static final int BITSHUFFLE_WITH_LZ4 = 2;

  /** The widest elements that bitshuffle takes apart: eight of them are a block. */
  private static final int WIDEST = 1024;

  /**
   * Reads {@code none}, {@code gzip}, {@code gzip:6}, {@code lz4}, {@code bitshuffle-lz4}, {@code
   * zstd}, {@code zstd:10}, and {@code shuffle-} before gzip, lz4 and zstd.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Compression parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    boolean shuffle = name.startsWith(SHUFFLE);
    name = shuffle ? name.substring(SHUFFLE.length()) : name;
    int colon = name.indexOf(':');
    Method method =
        Method.valueOf(
            (colon < 0 ? name : name.substring(0, colon))
                .replace('-', '_')
                .toUpperCase(Locale.ROOT));
    int level = colon < 0 ? method.usual : Integer.parseInt(name.substring(colon + 1));
    boolean levels = method.most > 0;
    boolean once = !shuffle || (method != Method.NONE && method != Method.BITSHUFFLE_LZ4);
    if (!once || (colon >= 0 && !levels) || level < (levels ? 1 : 0) || level > method.most) {
      throw new IllegalArgumentException(text);
    }
    return new Compression(method, shuffle, level);
  }

  /** Whether every HDF5 library makes such chunks by itself. */
  public boolean isStandard() {
    return method == Method.NONE || method == Method.GZIP;
  }

  /**
   * The filters as the file shall name them.
   *
   * @param size bytes of an element
   */
  public List<FilterSpec> filters(int size) {
    List<FilterSpec> filters = new ArrayList<>();
    if (shuffle) {
      filters.add(new FilterSpec(ID_SHUFFLE, "shuffle", true, new int[] {size}));
    }
    switch (method) {
      case NONE -> {}
      case GZIP -> filters.add(new FilterSpec(ID_GZIP, "deflate", true, new int[] {level}));
      case LZ4 -> filters.add(new FilterSpec(ID_LZ4, "lz4", true, new int[] {0}));
      case BITSHUFFLE_LZ4 ->
          filters.add(
              new FilterSpec(
                  ID_BITSHUFFLE,
                  "bitshuffle; see https://github.com/kiyo-masui/bitshuffle",
                  true,
                  new int[] {0, 5, bits(size), 0, BITSHUFFLE_WITH_LZ4}));
      case ZSTD -> filters.add(new FilterSpec(ID_ZSTD, "zstd", true, new int[] {level}));
    }
    return filters;
  }

  /** What bitshuffle takes for an element: very wide ones are bytes to it. */
  private static int bits(int size) {
    return size <= WIDEST ? size : 1;
  }

  /**
   * An encoder of chunks, for one thread; null where chunks are stored as they are.
   *
   * @param size bytes of an element
   * @throws io.sparkarrays.core.ArrayException {@code LIBRARY_MISSING}
   */
  public ChunkEncoder encoder(int size) {
    ChunkEncoder encoder =
        switch (method) {
          case NONE -> null;
          case GZIP -> new WholeChunkEncoder(BlockEncoder.zlib(level));
          case LZ4 -> new Lz4ChunkEncoder();
          case BITSHUFFLE_LZ4 -> new BitshuffleChunkEncoder(bits(size));
          case ZSTD -> new WholeChunkEncoder(BlockEncoder.zstd(level));
        };
    return shuffle ? new ShufflingEncoder(size, encoder) : encoder;
  }

  /** As option {@code compression} takes it. */
  @Override
  public String toString() {
    String name = method.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return (shuffle ? SHUFFLE : "") + name + (level > 0 ? ":" + level : "");
  }
}
