"""Live scans followed in the words of swmr_tools."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from pyspark.errors import StreamingQueryException
from pyspark.sql import DataFrame, SparkSession

import live_writer
from cluster.processes import wait_until
from live_scans import DATA, FINISHED, KEY, Scan, writing
from spark_arrays import Newest, SparkArraysError, follow, map_frames
from spark_arrays.live import picture

mpl.use("Agg")


def test_follows_a_writer_to_its_end(spark: SparkSession, tmp_path: Path) -> None:
    """Each frame once; the newest one is the last."""
    path = tmp_path / "live.h5"
    options = live_writer.parse([str(path), "--fps", "200"])
    found: list[int] = []

    def take(batch: DataFrame, number: int) -> None:
        assert number >= 0
        found.extend(row[0] for row in batch.select("frame_index").collect())

    with writing(path, "--fps", 200, "--hold", 30):
        live = follow(
            path,
            KEY,
            f"{DATA} as frame",
            timeout=20,
            finished_dataset=FINISHED,
            fn=take,
            spark=spark,
        )
        assert live.wait(60)
    count = options.scan[0]
    assert found == list(range(count))
    assert live.frames == count
    assert live.newest is not None
    assert live.newest.frame_index == count - 1
    np.testing.assert_array_equal(
        live.newest.arrays["frame"], live_writer.frame(count - 1, options.frame)
    )


def test_shows_the_newest_frame(spark: SparkSession, scan: Scan) -> None:
    """While the scan goes on."""
    scan.put(0, 1)
    live = follow(scan.path, KEY, DATA, timeout=60, fn=lambda batch, _: batch.count(), spark=spark)
    try:
        for count in (2, 5):
            scan.put(*range(count))
            assert live.wait_for_frames(count)
            assert live.newest is not None
            assert live.newest.frame_index == count - 1
            assert list(live.newest.arrays) == ["data"]
            axes = picture(live.newest).axes[0]
            assert axes.get_title() == f"data, frame {count - 1}"
            np.testing.assert_array_equal(
                axes.images[0].get_array(), live_writer.frame(count - 1, (4, 4))
            )
        with pytest.raises(SparkArraysError, match="COLUMN_MISSING"):
            picture(Newest(0, {}), "uid")
    finally:
        live.stop()


@pytest.mark.long
def test_goes_on_from_a_checkpoint(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    found: list[list[int]] = []
    for indexes in ([0, 1, 2], [3, 4]):
        scan.put(*indexes)
        found.append([])
        live = follow(
            scan.path, KEY, DATA, timeout=1, checkpoint=tmp_path / "checkpoint", spark=spark,
            fn=lambda batch, _: found[-1].extend(row[0] for row in batch.collect()),
        )  # fmt: skip
        assert live.wait(60)
    assert found == [[0, 1, 2], [3, 4]]


def test_a_failing_function_ends_it(spark: SparkSession, scan: Scan) -> None:
    scan.put(0)

    def fail(batch: DataFrame, number: int) -> None:
        raise LookupError(f"no beam in {number} of {batch.columns}")

    live = follow(scan.path, KEY, DATA, timeout=20, fn=fail, spark=spark)
    with pytest.raises(StreamingQueryException, match="no beam in 0"):
        live.wait(60)


def test_rows_are_a_stream(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    """Functions of frames take it, too."""
    scan.put(0, 1, 2)
    live = follow(scan.path, KEY, DATA, timeout=1, spark=spark, max_frames_per_trigger=2)
    assert live.rows.isStreaming
    with pytest.raises(SparkArraysError, match="ARGUMENT_INVALID"):
        live.wait()
    totals = map_frames(
        live.rows,
        lambda block, index: {"i": index, "total": block.sum(axis=(1, 2), dtype="i8")},
        "i long, total long",
    )
    query = (
        totals.writeStream.format("memory")
        .queryName("totals")
        .option("checkpointLocation", str(tmp_path / "checkpoint"))
        .trigger(availableNow=True)
        .start()
    )
    wait_until(lambda: not query.isActive, "the stream to end")
    found = sorted(tuple(row) for row in spark.table("totals").collect())
    assert found == [(i, int(live_writer.frame(i, (4, 4)).sum())) for i in range(3)]


def test_a_file_that_does_not_come(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(SparkArraysError) as raised:
        follow(tmp_path / "none.h5", KEY, DATA, timeout=0.2, spark=spark)
    assert raised.value.code == "PATH_NOT_FOUND"
