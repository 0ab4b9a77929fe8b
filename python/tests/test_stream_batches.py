"""Which frames each batch of a stream has, and when."""

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pytest
from pyspark.errors import StreamingQueryException
from pyspark.sql import DataFrame, SparkSession

from cluster.processes import wait_until
from live_scans import DATA, KEY, Scan, write
from streams import Collected, finished, frames_of, run


def test_goes_on_after_a_restart_in_batches_of_a_size(
    spark: SparkSession, tmp_path: Path, scan: Scan
) -> None:
    """Each run gives what is new, no more frames a batch than wanted."""
    found = Collected()
    path, checkpoint = tmp_path / "scan.h5", tmp_path / "checkpoint"
    scan.put(*range(5))
    run(frames_of(spark, path, maxFramesPerTrigger=2), checkpoint, found)
    assert [[r.frame_index for r in rows] for rows in found.batches.values()] == [
        [0, 1],
        [2, 3],
        [4],
    ]
    run(frames_of(spark, path, maxFramesPerTrigger=2), checkpoint, found)
    assert found.indexes == list(range(5))
    scan.put(5, 6, 7)
    scan.put(9)
    # 32 bytes a frame
    run(frames_of(spark, path, maxBytesPerTrigger=70), checkpoint, found)
    assert found.indexes == list(range(8))
    assert len(found.batches) == 5
    found.check((4, 4))


def test_a_batch_is_the_same_when_it_is_run_again(
    spark: SparkSession, tmp_path: Path, scan: Scan
) -> None:
    """A late key joins a later batch, once, and not the one that failed before it came."""
    path, checkpoint = tmp_path / "scan.h5", tmp_path / "checkpoint"
    skipping = {"gaps": "skip", "gapFrames": 1}
    scan.put(0, 1, 2, 4, 5, 6, 7)

    def fail(_batch: DataFrame, _number: int) -> None:
        raise ValueError("the sink is broken")

    with pytest.raises(StreamingQueryException, match="the sink is broken"):
        run(frames_of(spark, path, **skipping), checkpoint, fail)
    scan.put(3, 8)
    found = Collected()
    query = run(frames_of(spark, path, **skipping), checkpoint, found)
    assert [[r.frame_index for r in rows] for rows in found.batches.values()] == [
        [0, 1, 2, 4, 5, 6, 7],
        [3, 8],
    ]
    found.check((4, 4))
    metrics = query.lastProgress["sources"][0]["metrics"]
    assert metrics["framesSkipped"] == "0"
    scan.put(11)
    query = run(frames_of(spark, path, **skipping), checkpoint, found)
    assert found.indexes[-1] == 11
    metrics = query.lastProgress["sources"][0]["metrics"]
    assert metrics["framesSkipped"] == "2"
    assert metrics["framesBehind"] == "0"
    assert float(metrics["refreshMs"]) > 0


def test_a_continuous_query_waits_for_enough_frames(
    spark: SparkSession, tmp_path: Path, scan: Scan
) -> None:
    """Fewer than minFrames are not given, and are reported as behind."""
    found = Collected()
    scan.put(0, 1)
    query = (
        frames_of(
            spark, tmp_path / "scan.h5", minFrames=4, maxTriggerDelay="10min", startingIndex=1
        )
        .writeStream.foreachBatch(found)
        .option("checkpointLocation", str(tmp_path / "checkpoint"))
        .start()
    )
    try:
        scan.put(2, 3)
        query.processAllAvailable()
        assert found.indexes == []
        scan.put(4)
        wait_until(lambda: found.indexes, "a batch of the query")
        assert found.indexes == [1, 2, 3, 4]
    finally:
        query.stop()


def test_batches_of_whole_multiples(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    """A batch ends at a multiple, and with the scan."""
    path, checkpoint = tmp_path / "scan.h5", tmp_path / "checkpoint"
    found = Collected()

    def go(**options: object) -> list[list[int]]:
        before = len(found.batches)
        run(frames_of(spark, path, alignFrames=5, **options), checkpoint, found)
        batches = list(found.batches.values())[before:]
        return [[row.frame_index for row in rows] for rows in batches if rows]

    scan.put(0, 1, 2)
    assert go() == []
    scan.put(*range(3, 11))
    assert go(maxFramesPerTrigger=7) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
    assert go(endOn="timeout", timeout=0.2) == [[10]]
    scan.put(11)
    assert go() == [[11]]
    found.check((4, 4))


def test_a_scan_without_an_end(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    """Frames are taken that come after the scan was finished, and silence ends nothing.

    A scan that begins meanwhile joins.
    """
    found = Collected()
    frames = finished(spark, tmp_path / "*.h5", endOn="never", timeout=0.1)
    query = (
        frames.writeStream.foreachBatch(found)
        .option("checkpointLocation", str(tmp_path / "checkpoint"))
        .trigger(availableNow=True)
        .start()
    )

    def reached(count: int) -> bool:
        return len(found.indexes) == count

    try:
        for count in (2, 3, 5):
            scan.put(*range(len(found.indexes), count))
            scan.finish()
            wait_until(partial(reached, count), "the last frame")
        second = Scan(tmp_path / "second.h5")
        second.put(0, 1)
        wait_until(partial(reached, 7), "the frames of the second scan")
        assert query.isActive
        second.file.close()
    finally:
        query.stop()
    assert found.indexes == [0, 1, 2, 3, 4, 0, 1]
    assert query.exception() is None


def test_new_scans_join(spark: SparkSession, tmp_path: Path) -> None:
    """A glob or a folder follows the scans that appear, and numbers each by itself."""
    found = Collected()
    checkpoint = tmp_path / "checkpoint"
    with ExitStack() as stack:
        scans = []
        for number in range(3):
            scan = Scan(tmp_path / f"run{number}.h5", 4)
            stack.callback(scan.file.close)
            scan.put(0, 1, 2, 3)
            scan.finish()
            scans.append(scan)
            files = tmp_path if number == 2 else tmp_path / "run*.h5"
            frames = finished(spark, files, metadataColumns="_file", timeout=5)
            run(frames, checkpoint, found)
    rows = [(Path(r._file).name, r.frame_index) for b in found.batches.values() for r in b]
    assert rows == [(f"run{number}.h5", index) for number in range(3) for index in range(4)]
    found.check((4, 4))


def test_members_of_records_as_columns(spark: SparkSession, tmp_path: Path) -> None:
    """Each member is a column in streams as in tables."""
    path = tmp_path / "records.h5"
    dtype = np.dtype([("x", "f8"), ("count", "i4"), ("name", "S3")])
    values = np.array([(i / 4, i, f"n{i}") for i in range(6)], dtype)
    with h5py.File(path, "w", libver="latest") as file:
        data = file.create_dataset("data", (6,), dtype, chunks=(1,))
        keys = file.create_dataset("keys", (6,), "i4", chunks=(6,))
        file.swmr_mode = True
        found = Collected()
        options = {"keys": "/keys", "datasets": "/data", "records": "columns"}
        for end in (4, 6):
            data[:end] = values[:end]
            keys[:end] = 1
            file.flush()
            run(frames_of(spark, path, **options), tmp_path / "checkpoint", found)
    rows = [row for batch in found.batches.values() for row in batch]
    assert [(r.frame_index, r.x, r["count"], r.name) for r in rows] == [
        (i, i / 4, i, f"n{i}") for i in range(6)
    ]


@pytest.mark.parametrize(
    "names",
    [
        ["entry/diamond_scan/keys/det", "entry/diamond_scan/keys/stage"],
        ["keys/det"],
        ["entry/NDAttributes/NDArrayUniqueId"],
        ["entry/detector_uid/uid"],
    ],
)
def test_keys_by_their_usual_names(spark: SparkSession, tmp_path: Path, names: list[str]) -> None:
    """Those of several facilities, with dimensions of one element as their writers have them."""
    content = {
        name: np.arange(1, 7).reshape(6, 1, 1) * (np.arange(6) < 4 + i)[:, None, None]
        for i, name in enumerate(names)
    }
    frames = np.arange(6 * 16).reshape(6, 4, 4)
    path = write(tmp_path / "usual.h5", **content, **{DATA: frames})
    found = Collected()
    query = run(frames_of(spark, path, keys="auto"), tmp_path / "checkpoint", found)
    assert found.indexes == [0, 1, 2, 3]
    # It was closed before its end.
    assert query.lastProgress["sources"][0]["metrics"]["filesBeingWritten"] == "0"


def test_stored_chunks_in_place_of_keys(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    """A frame counts once it is stored."""
    scan.put(0, 1, 2)
    scan.data[3] = 1
    scan.data.flush()
    for keys, count in (("auto", 3), ("stored", 4)):
        found = Collected()
        run(frames_of(spark, scan.path, keys=keys), tmp_path / keys, found)
        assert found.indexes == list(range(count))


def test_tells_the_state_of_the_scan(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    """A gap is passed over after a time, and a key without its frame makes it late."""
    scan.put(0, 1, 3)
    scan.keys[4] = 5
    scan.keys.flush()
    options = {"gaps": "skip", "gapTimeout": "200ms", "endOn": "timeout", "timeout": 0.8}
    found = Collected()
    query = run(frames_of(spark, scan.path, **options), tmp_path / "checkpoint", found)
    assert [[row.frame_index for row in rows] for rows in found.batches.values()] == [[0, 1], [3]]
    metrics = query.lastProgress["sources"][0]["metrics"]
    assert float(metrics.pop("refreshMs")) > 0
    assert int(metrics.pop("lastFrameAgeMs")) >= 0
    assert metrics == {
        "framesBehind": "0",
        "framesLate": "1",
        "framesSkipped": "1",
        "files": "1",
        "filesBeingWritten": "1",
    }


def test_metrics_of_a_file_whose_superblock_is_half_written(
    spark: SparkSession, tmp_path: Path, scan: Scan
) -> None:
    """What the file says of its writer can't be told then, which ends no query."""
    scan.put(0, 1)
    found = Collected()
    checksum = slice(44, 48)
    whole = scan.path.read_bytes()[checksum]

    def overwrite(sum_of_it: bytes) -> None:
        with scan.path.open("r+b") as file:
            file.seek(checksum.start)
            file.write(sum_of_it)

    def take(batch: DataFrame, number: int) -> None:
        found(batch, number)
        overwrite(bytes(byte ^ 0xFF for byte in whole))

    try:
        frames = frames_of(spark, scan.path, endOn="timeout", timeout=0.2)
        query = run(frames, tmp_path / "checkpoint", take)
    finally:
        overwrite(whole)
    assert found.indexes == [0, 1]
    assert query.lastProgress["sources"][0]["metrics"]["filesBeingWritten"] == "1"


def test_a_batch_of_several_tasks(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One file is read by all cores, in columns, each task's frames in their order."""
    count, side = 60, 64
    frames = np.arange(count)[:, None, None] + np.zeros((side, side), "u2")
    path = write(tmp_path / "whole.h5", **{KEY: np.ones(count), DATA: frames.astype("u2")})
    parts: list[list[int]] = []

    def take(batch: DataFrame, _number: int) -> None:
        rows = batch.selectExpr("spark_partition_id() AS part", "frame_index", "data").collect()
        assert all(set(row.data) == {row.frame_index} for row in rows)
        parts.extend(
            [row.frame_index for row in rows if row.part == part]
            for part in sorted({row.part for row in rows})
        )

    stream = frames_of(spark, path, maxPartitionBytes=15 * 2 * side * side)
    query = run(stream, tmp_path / "checkpoint", take)
    assert parts == [list(range(first, first + 15)) for first in range(0, count, 15)]
    query.explain()
    plan = capsys.readouterr().out
    assert re.search(r"ColumnarToRow.*\n.*MicroBatchScan", plan), plan


def test_checkpoints_beside_the_batches(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    """Spark's asynchronous progress tracking, with a sink that it allows."""
    scan.put(0, 1, 2)
    query = (
        frames_of(spark, tmp_path / "scan.h5")
        .writeStream.format("noop")
        .option("asyncProgressTrackingEnabled", True)
        .option("checkpointLocation", str(tmp_path / "checkpoint"))
        .start()
    )
    try:
        for index in range(3, 6):
            query.processAllAvailable()
            scan.put(index)
        query.processAllAvailable()
        assert sum(progress["numInputRows"] for progress in query.recentProgress) == 6
    finally:
        query.stop()
