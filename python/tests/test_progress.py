"""How far jobs are."""

from __future__ import annotations

import io
from pathlib import Path

from pyspark.sql import SparkSession

import spark_arrays
from frame_checks import Array, partitions
from spark_arrays import map_frames


def test_progress(spark: SparkSession, stored: tuple[Path, Array]) -> None:
    """Frames and tasks are counted, of jobs inside alone."""
    df = partitions(spark, stored[0], maxPartitionBytes=8 << 10)
    df.count()
    out = io.StringIO()
    with spark_arrays.progress(spark, total=40, seconds=0.05, out=out) as done:
        assert done().frames == 0
        map_frames(df, lambda b, i: {"i": i}, "i long").collect()
        assert done().frames == 40
        assert done().tasks == done().of_tasks > 1
    lines = out.getvalue().splitlines()
    assert "40 of 40 frames" in lines[-1]
    assert "tasks" in lines[-1]
