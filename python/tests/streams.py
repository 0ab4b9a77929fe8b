"""Streaming queries of live scans, and what their batches gave."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from pyspark.sql import DataFrame, SparkSession

import live_writer
from cluster.processes import wait_until
from live_scans import DATA, FINISHED, KEY

ENDS = {"finishedDataset": FINISHED, "endOn": "finished"}
"""Options of a stream that ends with its scan."""


def frames_of(spark: SparkSession, path: Path | str, **options: object) -> DataFrame:
    """Stream the frames of a scan."""
    reader = spark.readStream.format("hdf5").option("keys", KEY).option("datasets", DATA)
    for name, value in options.items():
        reader = reader.option(name, str(value))
    return reader.load(str(path))


def finished(spark: SparkSession, path: Path, **options: object) -> DataFrame:
    """Stream a scan that says when it is finished."""
    return frames_of(spark, path, **ENDS | options)


class Collected:
    """The rows of all batches of a query."""

    def __init__(self) -> None:
        """Begin with none."""
        self.batches: dict[int, list[Any]] = {}

    def __call__(self, batch: DataFrame, number: int) -> None:
        """Take a batch; it may come again after a failure."""
        self.batches[number] = batch.collect()

    @property
    def indexes(self) -> list[int]:
        """Give the index of each row, batch by batch."""
        return [row.frame_index for _, rows in sorted(self.batches.items()) for row in rows]

    def check(self, shape: tuple[int, ...]) -> None:
        """Check all pixels of the writer's plain frames."""
        self.check_each(partial(live_writer.frame, shape=shape))

    def check_each(self, frame: Callable[[int], Any]) -> None:
        """Check all pixels."""
        for rows in self.batches.values():
            for row in rows:
                expected = frame(row.frame_index)
                values = np.array(row.data, expected.dtype).reshape(expected.shape)
                assert (values == expected).all(), row.frame_index


def run(frames: DataFrame, checkpoint: Path, sink: Callable[..., None]) -> Any:
    """Run a query until it stops by itself."""
    query = (
        frames.writeStream.foreachBatch(sink)
        .option("checkpointLocation", str(checkpoint))
        .trigger(availableNow=True)
        .start()
    )
    try:
        assert query.awaitTermination(60), query.status
    finally:
        query.stop()
    return query


def kill_one(
    command: list[str], environment: dict[str, str], checkpoint: Path, chance: random.Random
) -> bool:
    """Start a driver, kill it once it runs batches, and tell whether it was killed."""

    def batches() -> int:
        return len(list((checkpoint / "offsets").glob("[0-9]*")))

    before = batches()
    child = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(
            lambda: batches() > before or child.poll() is not None, "a batch of the query", 120
        )
        # Any moment of a batch.
        time.sleep(0.5 * chance.random())
    finally:
        alive = child.poll() is None
        if alive:
            os.killpg(child.pid, signal.SIGKILL)
        code = child.wait()
    assert alive or code == 0
    return alive
