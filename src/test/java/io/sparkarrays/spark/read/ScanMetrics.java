// SPDX-License-Identifier: Apache-2.0
package io.sparkarrays.spark.read;

import io.sparkarrays.spark.LocalSpark;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ui.SQLAppStatusStore;
import org.apache.spark.sql.execution.ui.SQLExecutionUIData;

/** What Spark's SQL page shows of a query's metrics, by their descriptions. */
final class ScanMetrics {

  private final Map<String, String> shown;

  private ScanMetrics(Map<String, String> shown) {
    this.shown = shown;
  }

  /** Runs an action and reads what the page shows of the last query in it. */
  static ScanMetrics of(LocalSpark.Action action) throws Exception {
    SparkSession spark = LocalSpark.session();
    action.run();
    spark.sparkContext().listenerBus().waitUntilEmpty();
    SQLAppStatusStore store = spark.sharedState().statusStore();
    int last = (int) store.executionsCount() - 1;
    SQLExecutionUIData execution = store.executionsList(last, 1).head();
    Map<Object, String> values = new HashMap<>();
    store.executionMetrics(execution.executionId()).foreach(kv -> values.put(kv._1(), kv._2()));
    Map<String, String> shown = new HashMap<>();
    execution
        .metrics()
        .foreach(
            metric -> {
              String value = values.get(metric.accumulatorId());
              if (value != null) {
                shown.put(metric.name(), value);
              }
              return null;
            });
    return new ScanMetrics(shown);
  }

  String value(String name) {
    return shown.get(name);
  }

  @Override
  public String toString() {
    return shown.toString();
  }
}
