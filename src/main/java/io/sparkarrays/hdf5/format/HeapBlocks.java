// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.hdf5.format;

import io.sparkarrays.codec.DecodeException;
import io.sparkarrays.hdf5.filter.FilterPipeline;
import io.sparkarrays.hdf5.filter.FilterSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The blocks of a fractal heap: finds, checks and decodes them, and keeps the last used ones. */
final class HeapBlocks {

  private static final int MAX_ROWS = 64;
  private static final long KEEP_BYTES = 1 << 22;

  /** A direct block: where it is in the file and in the heap, and how it is stored. */
  record Direct(long at, long offset, long size, long storedSize, int mask) {}

  private final Metadata metadata;
  private final DoublingTable table;
  private final boolean checksummed;
  private final List<FilterSpec> filters;
  private final Map<Long, Fields> kept = new LinkedHashMap<>();
  private long keptBytes;

  HeapBlocks(
      Metadata metadata, DoublingTable table, boolean checksummed, List<FilterSpec> filters) {
    this.metadata = metadata;
    this.table = table;
    this.checksummed = checksummed;
    this.filters = filters;
  }

  /** The direct block that holds an offset, down from the root indirect block. */
  Direct find(long root, int rootRows, long offset) throws IOException {
    long at = root;
    int rows = rootRows;
    long blockOffset = 0;
    while (true) {
      long within = offset - blockOffset;
      int row = table.row(within);
      if (rows > MAX_ROWS || row >= rows) {
        throw metadata.damaged(
            at, "fractal heap", "offset " + offset, "less than " + rows + " rows hold");
      }
      int column = (int) ((within - table.rowOffset(row)) / table.blockSize(row));
      long start = blockOffset + table.rowOffset(row) + column * table.blockSize(row);
      Fields entries = indirect(at, rows);
      int direct = Math.min(row, table.directRows());
      int entry = metadata.offsetSize() + (filtered() ? metadata.lengthSize() + 4 : 0);
      entries.skip((long) direct * table.width() * entry);
      if (row < table.directRows()) {
        entries.skip((long) column * entry);
        long child = entries.offset();
        long stored = filtered() ? entries.length() : 0;
        int mask = filtered() ? (int) entries.u32() : 0;
        return new Direct(child, start, table.blockSize(row), stored, mask);
      }
      entries.skip(((long) (row - direct) * table.width() + column) * metadata.offsetSize());
      at = entries.offset();
      int below = table.rowsOf(table.blockSize(row));
      if (below >= rows) {
        throw metadata.damaged(at, "fractal heap", "a block as large as its parent", "smaller");
      }
      rows = below;
      blockOffset = start;
    }
  }

  private boolean filtered() {
    return !filters.isEmpty();
  }

  /** The entries of an indirect block, whose checksum is right. */
  private Fields indirect(long at, int rows) throws IOException {
    Fields known = kept.get(at);
    if (known != null) {
      return known.again();
    }
    long direct = (long) Math.min(rows, table.directRows()) * table.width();
    long indirect = (long) rows * table.width() - direct;
    long body =
        (direct + indirect) * metadata.offsetSize()
            + (filtered() ? direct * (metadata.lengthSize() + 4) : 0);
    int head = 5 + metadata.offsetSize() + table.offsetWidth();
    Fields block = metadata.read(at, head + body + 4, "heap indirect block").signature("FHIB");
    block.version(0, 0);
    block.skip(head - 5);
    Fields entries = block.part(body, "heap indirect block");
    block.checksum();
    keep(at, entries, body);
    return entries.again();
  }

  /** The decoded bytes of a direct block, header included. */
  Fields direct(Direct block) throws IOException {
    Fields known = kept.get(block.at());
    if (known != null) {
      return known.again();
    }
    long stored = filtered() ? block.storedSize() : block.size();
    Fields bytes = decoded(block.at(), stored, block.mask(), block.size(), "heap direct block");
    int head = 5 + metadata.offsetSize() + table.offsetWidth();
    bytes.again().signature("FHDB").version(0, 0);
    if (checksummed) {
      bytes.checksumWithin(head);
    }
    keep(block.at(), bytes, block.size());
    return bytes.again();
  }

  private void keep(long at, Fields fields, long bytes) {
    keptBytes += bytes;
    if (keptBytes > KEEP_BYTES) {
      kept.clear();
      keptBytes = bytes;
    }
    kept.put(at, fields);
  }

  /** Bytes from the file, through the heap's filters if it has any. */
  Fields decoded(long at, long stored, int mask, long size, String what) throws IOException {
    Fields raw = metadata.read(at, stored, what);
    if (!filtered()) {
      return raw;
    }
    if (size < 0 || size > 1 << 30) {
      throw metadata.damaged(at, what, size + " bytes", "less than 1 GiB");
    }
    FilterPipeline pipeline = new FilterPipeline(filters, metadata.where(at));
    byte[] bytes = new byte[(int) size];
    try {
      pipeline.decode(ByteBuffer.wrap(raw.bytes(stored)), mask, ByteBuffer.wrap(bytes));
    } catch (DecodeException e) {
      throw metadata.damaged(at, what, e.getMessage(), "bytes that its filters can decode");
    }
    return new Fields(metadata, bytes, at, what);
  }
}
