// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import java.util.Arrays;

/**
 * All chunks of a data set that are stored: number in the {@link ChunkGrid} → address, stored size
 * and filter mask. Immutable, so threads share it. Takes 8 bytes a chunk, 4 more if chunks have
 * sizes of their own, 4 more if some chunks are missing, and 1 if any has a filter mask.
 */
public final class ChunkIndex {

  private static final long LOW = 0xffff_ffffL;

  private final int count;

  /** The low halves of the numbers, ascending in each segment; null if all chunks are there. */
  private final int[] numbers;

  /** Where the chunks of each high half begin, and those high halves. */
  private final int[] segmentStarts;

  private final long[] segmentHighs;
  private final long[] addresses;
  private final int[] sizes;
  private final long equalSize;
  private final byte[] masks;
  private final int[] palette;

  private ChunkIndex(Builder from, long[] numbers) {
    this.count = from.count;
    boolean dense = count == 0 || numbers[count - 1] == count - 1;
    this.numbers = dense ? null : new int[count];
    int[] starts = new int[count == 0 ? 0 : 1];
    long[] highs = new long[starts.length];
    int segments = 0;
    for (int i = 0; i < count && !dense; i++) {
      long high = numbers[i] >>> 32;
      if (segments == 0 || highs[segments - 1] != high) {
        starts = segments == starts.length ? Arrays.copyOf(starts, 2 * segments) : starts;
        highs = segments == highs.length ? Arrays.copyOf(highs, 2 * segments) : highs;
        starts[segments] = i;
        highs[segments++] = high;
      }
      this.numbers[i] = (int) numbers[i];
    }
    this.segmentStarts = Arrays.copyOf(starts, segments);
    this.segmentHighs = Arrays.copyOf(highs, segments);
    this.addresses = Arrays.copyOf(from.addresses, count);
    this.equalSize = from.equalSize;
    this.sizes = from.equalSize >= 0 ? null : Arrays.copyOf(from.sizes, count);
    this.masks = from.masks == null ? null : Arrays.copyOf(from.masks, count);
    this.palette = Arrays.copyOf(from.palette, from.paletteSize);
  }

  /** Number of chunks that are stored. */
  public int count() {
    return count;
  }

  /** The place of a chunk in the index, or -1 if it is not stored. */
  public int find(long number) {
    if (numbers == null) {
      return number >= 0 && number < count ? (int) number : -1;
    }
    int segment = Arrays.binarySearch(segmentHighs, number >>> 32);
    if (segment < 0) {
      return -1;
    }
    int from = segmentStarts[segment];
    int to = segment + 1 < segmentStarts.length ? segmentStarts[segment + 1] : count;
    long low = number & LOW;
    while (from < to) {
      int middle = (from + to) >>> 1;
      long found = numbers[middle] & LOW;
      if (found == low) {
        return middle;
      }
      if (found < low) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return -1;
  }

  /** The number of the chunk at a place, ascending with the place. */
  public long number(int place) {
    if (numbers == null) {
      return place;
    }
    int segment = Arrays.binarySearch(segmentStarts, place);
    return segmentHighs[segment < 0 ? -segment - 2 : segment] << 32 | (numbers[place] & LOW);
  }

  /** Where the chunk at a place is in the file. */
  public long address(int place) {
    return addresses[place];
  }

  /** Its stored bytes. */
  public long size(int place) {
    return sizes == null ? equalSize : sizes[place] & LOW;
  }

  /** The filters that were left out for it: bit i for filter i. */
  public int filterMask(int place) {
    return masks == null ? 0 : palette[masks[place] & 0xff];
  }

  /** Stored bytes of all chunks. */
  public long storageSize() {
    long sum = 0;
    for (int place = 0; place < count; place++) {
      sum += size(place);
    }
    return sum;
  }

  /** Collects the chunks of a data set in any order. */
  static final class Builder {
    private static final int MAX_MASKS = 256;

    private final Metadata metadata;
    private int count;
    private boolean ascending = true;
    private long[] numbers = new long[16];
    private long[] addresses = new long[16];

    /** Sizes if they differ. */
    private int[] sizes;

    /** The size of all chunks so far if it is one, else -1. */
    private long equalSize = -2;

    private byte[] masks;
    private int[] palette = {0};
    private int paletteSize = 1;

    Builder(Metadata metadata) {
      this.metadata = metadata;
    }

    void add(long number, long address, long size, int mask) {
      if (address < 0 || size < 0 || size > LOW) {
        throw metadata.damaged(
            address,
            "chunk index",
            "a chunk of " + Long.toUnsignedString(size) + " bytes",
            "one of less than 4 GiB inside the file");
      }
      if (count == numbers.length) {
        int more = Math.addExact(count, count);
        numbers = Arrays.copyOf(numbers, more);
        addresses = Arrays.copyOf(addresses, more);
        sizes = sizes == null ? null : Arrays.copyOf(sizes, more);
        masks = masks == null ? null : Arrays.copyOf(masks, more);
      }
      if (count > 0 && number <= numbers[count - 1]) {
        ascending = false;
      }
      numbers[count] = number;
      addresses[count] = address;
      addSize(size);
      if (mask != 0 || masks != null) {
        masks = masks == null ? new byte[numbers.length] : masks;
        masks[count] = (byte) color(mask);
      }
      count++;
    }

    private void addSize(long size) {
      if (sizes != null) {
        sizes[count] = (int) size;
      } else if (equalSize == -2) {
        equalSize = size;
      } else if (size != equalSize) {
        sizes = new int[numbers.length];
        Arrays.fill(sizes, 0, count, (int) equalSize);
        sizes[count] = (int) size;
        equalSize = -1;
      }
    }

    private int color(int mask) {
      for (int i = 0; i < paletteSize; i++) {
        if (palette[i] == mask) {
          return i;
        }
      }
      if (paletteSize == MAX_MASKS) {
        throw metadata.damaged(
            Metadata.UNDEFINED, "chunk index", "more than 256 filter masks", "fewer");
      }
      palette = Arrays.copyOf(palette, paletteSize + 1);
      palette[paletteSize] = mask;
      return paletteSize++;
    }

    ChunkIndex build() {
      equalSize = sizes == null ? Math.max(0, equalSize) : -1;
      if (!ascending) {
        sort();
      }
      for (int i = 1; i < count; i++) {
        if (numbers[i] == numbers[i - 1]) {
          throw metadata.damaged(
              addresses[i], "chunk index", "chunk " + numbers[i] + " twice", "once");
        }
      }
      return new ChunkIndex(this, numbers);
    }

    /** By merging: what indexes give is a few ascending stretches. */
    private void sort() {
      Integer[] order = new Integer[count];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Long.compare(numbers[a], numbers[b]));
      long[] sortedNumbers = new long[count];
      long[] sortedAddresses = new long[count];
      int[] sortedSizes = sizes == null ? null : new int[count];
      byte[] sortedMasks = masks == null ? null : new byte[count];
      for (int i = 0; i < count; i++) {
        int from = order[i];
        sortedNumbers[i] = numbers[from];
        sortedAddresses[i] = addresses[from];
        if (sizes != null) {
          sortedSizes[i] = sizes[from];
        }
        if (masks != null) {
          sortedMasks[i] = masks[from];
        }
      }
      numbers = sortedNumbers;
      addresses = sortedAddresses;
      sizes = sortedSizes;
      masks = sortedMasks;
    }
  }
}
