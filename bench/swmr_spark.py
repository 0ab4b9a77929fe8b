"""Follow the bench's writers with a streaming query, and print what `SwmrFollow.java` prints."""

from __future__ import annotations

import sys
import tempfile
import time

from pyspark.sql import DataFrame, SparkSession

import spark_arrays


def follow(spark: SparkSession, path: str, timeout: str, lines: list[str], *, tell: bool) -> None:
    """Follow a scan to its end; a frame has come when its first pixel is at the driver."""

    def take(batch: DataFrame, _number: int) -> None:
        rows = batch.toArrow()
        now = time.time_ns()
        index, pixel = rows["frame_index"].to_pylist(), rows["pixel"].to_pylist()
        lines.extend(f"{i},{now},{p}\n" for i, p in zip(index, pixel, strict=True))

    frames = (
        spark.readStream.format("hdf5")
        .option("keys", "/entry/keys/key_1")
        .option("datasets", "/entry/data/data as frame")
        .option("finishedDataset", "/entry/finished")
        .option("endOn", "finished")
        .option("timeout", f"{timeout}s")
        .load(path)
        # All pixels are read: that only one is wanted is not pushed down.
        .selectExpr("frame_index", "frame[0] AS pixel")
    )
    with tempfile.TemporaryDirectory() as checkpoint:
        query = (
            frames.writeStream.foreachBatch(take)
            .option("checkpointLocation", checkpoint)
            .trigger(availableNow=True)
            .start()
        )
        if tell:
            # A query takes half a second to begin.
            while "Getting offsets" not in query.status["message"]:
                time.sleep(0.01)
            print("ready", flush=True)
        query.awaitTermination()


def main() -> None:
    """Follow what standard input names."""
    spark = spark_arrays.session(
        "bench",
        master="local[2]",
        conf={
            "spark.log.level": "OFF",
            "spark.ui.enabled": False,
            "spark.ui.showConsoleProgress": False,
            "spark.sql.streaming.numRecentProgressUpdates": 1,
        },
    )
    warm = 15.0
    for line in sys.stdin:
        path, timeout, other = line.split()
        begin = time.monotonic()
        while time.monotonic() - begin < warm:
            follow(spark, other, "1", [], tell=False)
        warm = 1.0
        lines: list[str] = []
        follow(spark, path, timeout, lines, tell=True)
        sys.stdout.write("".join(lines))
        print("done", flush=True)


main()
