// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.memdata;

import static io.sparkarrays.spark.LocalSpark.assertRefused;
import static io.sparkarrays.spark.memdata.DistributedTrees.counted;
import static io.sparkarrays.spark.memdata.DistributedTrees.make;
import static io.sparkarrays.spark.memdata.DistributedTrees.spread;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkarrays.core.ElementType;
import io.sparkarrays.core.ErrorCode;
import io.sparkarrays.core.NdArray;
import io.sparkarrays.core.Shape;
import io.sparkarrays.memdata.DatasetSpec;
import io.sparkarrays.memdata.MemGroup;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

final class FrameTablesTest {

  @Test
  void frameTablesAndDatasetsGoRound() {
    SparkDistributor by = spread(3);
    for (ElementType element : ElementType.values()) {
      NdArray array = NdArray.zeros(element, 5, 2, 2);
      array.assign(counted(2));
      array.set(3, 4, 1, 0);
      MemDatasetDistributed x = make(new MemGroup(by), array, 1);
      Dataset<Row> table = x.toDataFrame("frame");
      assertThat(table.columns()).containsExactly("frame_index", "frame");
      assertThat(table.schema().apply("frame").metadata().getString("dtype"))
          .isEqualTo(element.numpyName());
      MemDatasetDistributed back =
          by.fromDataFrame(table.orderBy("frame"), "frame", x.type(), x.shape());
      assertThat(back.gather()).as(element.toString()).isEqualTo(array);
      MemGroup root = new MemGroup(by);
      assertThat(root.createDataset("y", DatasetSpec.of(back)).gather()).isEqualTo(array);
    }
    Dataset<Row> line = make(new MemGroup(by), counted(4), 0).toDataFrame("v");
    assertThat(line.selectExpr("sum(v * frame_index)").head().getDouble(0)).isEqualTo(14.0);
    MemDatasetDistributed few =
        by.fromDataFrame(line.filter("v != 2"), "v", NdArray.of(1.0).type(), Shape.of(4));
    assertRefused(ErrorCode.FRAMES_MISSING, few::gather);
    MemDatasetDistributed many =
        by.fromDataFrame(line.unionAll(line), "v", NdArray.of(1.0).type(), Shape.of(4));
    assertRefused(ErrorCode.FRAME_DOUBLED, many::gather);
    MemDatasetDistributed out = by.fromDataFrame(line, "v", NdArray.of(1.0).type(), Shape.of(3));
    assertRefused(ErrorCode.FRAME_OUT_OF_RANGE, out::gather);
    MemDatasetDistributed wrong =
        by.fromDataFrame(
            line.selectExpr("frame_index", "array(v) v"),
            "v",
            NdArray.of(1.0).type(),
            Shape.of(4, 2));
    assertRefused(ErrorCode.FRAME_LENGTH, wrong::gather);
  }
}
