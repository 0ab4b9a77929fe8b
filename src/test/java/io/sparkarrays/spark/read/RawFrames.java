// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.core.Dtype;
import io.sparkarrays.core.FileByteSource;
import io.sparkarrays.core.FrameIntervals;
import io.sparkarrays.core.Hyperslab;
import io.sparkarrays.core.Shape;
import io.sparkarrays.spark.metrics.ReadMetric;
import io.sparkarrays.spark.options.FrameForm;
import io.sparkarrays.spark.source.ChunkCounts;
import io.sparkarrays.spark.source.FrameColumn;
import io.sparkarrays.spark.source.FrameCursor;
import io.sparkarrays.spark.source.FrameOpener;
import io.sparkarrays.spark.source.FrameRange;
import io.sparkarrays.spark.source.PlainFrameCursor;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.ArrowUtils;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.TaskCompletionListener;

/**
 * A source over the raw files of a folder, one split a file, with nothing pushed but the columns.
 * Options: {@code path, dtype, frameShape, framesPerFile, frames, batchBytes, chunkFrames}; {@code
 * poison} makes memory that leaves a batch all ones, which are NaNs, before it is used again or
 * freed.
 */
public final class RawFrames implements TableProvider {

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    Dtype dtype = Dtype.parse(options.get("dtype"));
    FrameForm form = FrameForm.valueOf(options.getOrDefault("frames", "ARRAY"));
    Shape frame = Shape.parse(options.get("frameShape"));
    return new StructType(
        new StructField[] {
          DataTypes.createStructField("frame_index", DataTypes.LongType, false),
          DataTypes.createStructField(
              "frame", SparkTypes.frame(SparkTypes.element(dtype, false), frame, form), false)
        });
  }

  @Override
  public Table getTable(StructType schema, Transform[] by, Map<String, String> properties) {
    return new RawTable(schema);
  }

  private record RawTable(StructType read) implements Table, SupportsRead {
    @Override
    public String name() {
      return "raw";
    }

    @Override
    @SuppressWarnings("deprecation")
    public StructType schema() {
      return read;
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return new RawScan(read, options);
    }
  }

  private static final class RawScan
      implements ScanBuilder, SupportsPushDownRequiredColumns, Scan, Batch {
    private final CaseInsensitiveStringMap options;
    private StructType wanted;

    RawScan(StructType schema, CaseInsensitiveStringMap options) {
      this.wanted = schema;
      this.options = options;
    }

    @Override
    public void pruneColumns(StructType required) {
      wanted = required;
    }

    @Override
    public Scan build() {
      return this;
    }

    @Override
    public StructType readSchema() {
      return wanted;
    }

    @Override
    public Batch toBatch() {
      return this;
    }

    @Override
    public ColumnarSupportMode columnarSupportMode() {
      return ColumnarSupportMode.SUPPORTED;
    }

    @Override
    public CustomMetric[] supportedCustomMetrics() {
      return ReadMetric.supported(options.containsKey("chunkFrames"), false);
    }

    private long framesPerFile() {
      return options.getLong("framesPerFile", 0);
    }

    @Override
    public InputPartition[] planInputPartitions() {
      File[] files = new File(options.get("path")).listFiles();
      Arrays.sort(files);
      List<InputPartition> partitions = new ArrayList<>();
      for (int i = 0; i < files.length; i++) {
        long from = i * framesPerFile();
        FrameRange range =
            new FrameRange(
                files[i].getPath(), from, from + framesPerFile(), i, true, List.of("localhost"));
        FrameSplit split = new FrameSplit(range, FrameIntervals.of(from, from + framesPerFile()));
        partitions.add(new ArrayInputPartition(List.of(split), new String[0], 8));
      }
      return partitions.toArray(new InputPartition[0]);
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
      FrameColumn column =
          new FrameColumn(
              "frame",
              Dtype.parse(options.get("dtype")),
              Shape.parse(options.get("frameShape")),
              "frame");
      List<ReadColumn> columns = new ArrayList<>();
      for (StructField field : wanted.fields()) {
        columns.add(
            field.name().equals("frame")
                ? new ReadColumn.Frames(field, column, Hyperslab.all(column.frame()))
                : new ReadColumn.FrameIndex(field));
      }
      long chunk = options.getLong("chunkFrames", 0);
      FrameOpener opener =
          (range, all) -> {
            FrameCursor plain =
                new PlainFrameCursor(
                    FileByteSource.open(Path.of(range.file())), 0, range.from(), all.get(0));
            return chunk == 0 ? plain : new ChunkCounter(plain, chunk);
          };
      ReadTask task =
          new ReadTask(
              opener,
              Shape.of(1L << 40),
              options.get("path"),
              columns,
              options.getLong("batchBytes", 8 << 20));
      return options.getBoolean("poison", false)
          ? new PoisoningFactory(task)
          : new ArrayReaderFactory(task);
    }
  }

  /** Counts as a file would whose chunks hold a few frames each, and take a second to decode. */
  private static final class ChunkCounter implements FrameCursor {
    private final FrameCursor cursor;
    private final long chunk;
    private ChunkCounts counts = new ChunkCounts(0, 0, 0);
    private long next;

    ChunkCounter(FrameCursor cursor, long chunk) {
      this.cursor = cursor;
      this.chunk = chunk;
    }

    @Override
    public void read(int column, long from, long to, Hyperslab region, ByteBuffer destination)
        throws IOException {
      cursor.read(column, from, to, region, destination);
      long first = from / chunk;
      long last = (to - 1) / chunk;
      counts =
          counts.plus(new ChunkCounts(last - first + 1, Math.max(0, first - next), 1_000_000_000));
      next = last + 1;
    }

    @Override
    public Optional<ChunkCounts> chunks() {
      return Optional.of(counts);
    }

    @Override
    public void close() throws IOException {
      cursor.close();
    }
  }

  /** As the real factory, but memory that is given back is overwritten. */
  private record PoisoningFactory(ReadTask task) implements PartitionReaderFactory {
    @Override
    public boolean supportColumnarReads(InputPartition partition) {
      return true;
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      throw new UnsupportedOperationException();
    }

    @Override
    public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
      BufferAllocator allocator =
          ArrowUtils.rootAllocator().newChildAllocator("poisoned", 0, Long.MAX_VALUE);
      BatchPool pool = new BatchPool(allocator, memory -> memory.fillData((byte) -1));
      TaskCompletionListener end = ended -> pool.free();
      TaskContext.get().addTaskCompletionListener(end);
      List<FrameSplit> splits = ((ArrayInputPartition) partition).splits();
      return new ArrayPartitionReader(task, splits, "localhost", pool);
    }
  }
}
