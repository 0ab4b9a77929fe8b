"""`kill -9` of the driver of a stream: every frame once, in Spark's file sink."""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from pyspark.sql import SparkSession

import live_writer
from live_scans import writing
from streams import finished, kill_one

KILLS = int(os.environ.get("ARRAYS_STREAM_KILLS", "2"))
"""How often a driver is killed."""

CHILD = """
import sys
import spark_arrays
from streams import finished

spark = spark_arrays.session(
    master="local[2]",
    conf={"spark.ui.enabled": False, "spark.log.level": "OFF",
          "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1"},
)
path, checkpoint, out = sys.argv[1:]
query = (
    finished(spark, path, timeout=60, maxFramesPerTrigger=9)
    .writeStream.format("parquet").option("checkpointLocation", checkpoint)
    .trigger(availableNow=True).start(out)
)
query.awaitTermination()
"""


def test_killed_drivers(spark: SparkSession, tmp_path: Path) -> None:
    """`kill -9` of the driver at random moments: every frame once in Spark's file sink."""
    path, checkpoint, out = tmp_path / "live.h5", tmp_path / "checkpoint", tmp_path / "out"
    count = 100 + 60 * KILLS
    chance = random.Random(20)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    arguments_of_child = [sys.executable, "-c", CHILD, str(path), str(checkpoint), str(out)]
    killed = 0
    # A scan that lasts as long as the kills: a driver takes some ten seconds to come to a batch.
    fps = 25 if KILLS < 10 else 5
    arguments = ["--scan", count, "--frame", "8,8", "--fps", fps, "--grow", "--hold", 600]
    with writing(path, *arguments):
        for _ in range(KILLS):
            killed += kill_one(arguments_of_child, environment, checkpoint, chance)
        print(f"{killed} of {KILLS} drivers were killed")
        query = (
            finished(spark, path, timeout=60)
            .writeStream.format("parquet")
            .option("checkpointLocation", str(checkpoint))
            .trigger(availableNow=True)
            .start(str(out))
        )
        assert query.awaitTermination(120)
    assert killed >= KILLS / 2
    rows = spark.read.parquet(str(out)).collect()
    assert Counter(row.frame_index for row in rows) == Counter(range(count))
    for row in rows:
        expected = live_writer.frame(row.frame_index, (8, 8)).reshape(-1)
        assert (np.array(row.data, "u2") == expected).all(), row.frame_index
