"""Streams of what other processes write: every frame once, in order, to the scan's end."""

from __future__ import annotations

import math
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pytest
from pyspark.sql import SparkSession

import live_writer
from cluster.processes import wait_until
from live_scans import DATA, EARLY, FINISHED, KEY, MODES, master, writing
from streams import ENDS, Collected, finished, frames_of, run

ALL = MODES | EARLY
AT_ONCE = ("fixed, bitshuffle", "growing grid", "keys in any order", "keys before data")
"""What is tried each time; the others take a second each."""


@pytest.mark.parametrize(
    "mode",
    [pytest.param(mode, marks=[] if mode in AT_ONCE else [pytest.mark.long]) for mode in ALL],
)
def test_follows_a_writer_to_its_end(spark: SparkSession, tmp_path: Path, mode: str) -> None:
    """Every frame once, in order, its pixels right; the query stops with the scan."""
    path = tmp_path / "live.h5"
    options = live_writer.parse([str(path), *map(str, ALL[mode])])
    keys = ",".join(f"/entry/keys/key_{k + 1}" for k in range(options.keys))
    follow = {"timeout": 20, "keys": keys, "scanRank": len(options.scan)}
    end = {"endOn": "complete"} if options.no_finished else ENDS
    found = Collected()
    with writing(path, *ALL[mode], "--hold", 30):
        run(frames_of(spark, path, **follow, **end), tmp_path / "checkpoint", found)
    assert found.indexes == list(range(math.prod(options.scan)))
    found.check_each(partial(live_writer.written, options))
    if len(options.scan) == 2:
        rows = [row for rows in found.batches.values() for row in rows]
        assert all(r.scan_0 * 10 + r.scan_1 == r.frame_index for r in rows)


def test_a_writer_that_dies(spark: SparkSession, tmp_path: Path) -> None:
    """What it flushed is given, and then the timeout ends the query."""
    path = tmp_path / "killed.h5"
    with writing(path, "--kill-after", 40, "--compression", "bslz4", "--grow") as process:
        found = Collected()
        run(finished(spark, path, timeout=2), tmp_path / "checkpoint", found)
        assert process.wait() != 0
    assert found.indexes == list(range(40))
    found.check((16, 16))


def test_writers_behind_a_virtual_data_set(spark: SparkSession, tmp_path: Path) -> None:
    """Four writers take turns: one is slow, one flushes late, and one has no file at first."""
    count = 20
    path = tmp_path / "master.h5"
    sources = [tmp_path / f"writer{turn}.h5" for turn in range(4)]
    master(path, sources, count)
    found = Collected()
    frames = frames_of(spark, path, endOn="complete", timeout=60)
    arguments: list[object] = ["--scan", count, "--frame", "4,4", "--hold", 60]
    each: list[list[object]] = [[], ["--data-flush-every", 8], ["--grow"]]
    with ExitStack() as stack:
        for source, more in zip(sources, each, strict=False):
            stack.enter_context(writing(source, *arguments, "--fps", 100, *more))
        query = (
            frames.writeStream.foreachBatch(found)
            .option("checkpointLocation", str(tmp_path / "checkpoint"))
            .trigger(availableNow=True)
            .start()
        )
        wait_until(lambda: found.indexes or query.exception(), "a batch of the query")
        assert query.exception() is None, query.exception()
        assert max(found.indexes) <= 2
        stack.enter_context(writing(sources[3], *arguments, "--fps", 20))
        assert query.awaitTermination(60)
    assert found.indexes == list(range(4 * count))
    assert len(found.batches) > 2
    for rows in found.batches.values():
        for row in rows:
            expected = live_writer.frame(row.frame_index // 4, (4, 4)).reshape(-1)
            assert (np.array(row.data, "u2") == expected).all(), row.frame_index


def test_keys_in_another_file(spark: SparkSession, tmp_path: Path) -> None:
    """Data, keys and the finished data set are behind external links into files of two writers."""
    master = tmp_path / "scan.h5"
    with h5py.File(master, "w") as file:
        file["/data"] = h5py.ExternalLink("detector.h5", DATA)
        file["/keys/detector"] = h5py.ExternalLink("detector.h5", KEY)
        file["/keys/stage"] = h5py.ExternalLink("stage.h5", KEY)
        file["/end"] = h5py.ExternalLink("stage.h5", FINISHED)
    found = Collected()
    arguments = ["--hold", 60, "--grow", "--scan", 40]
    options = {"keys": "auto", "datasets": "/data", "finishedDataset": "/end", "timeout": 60}
    with (
        writing(tmp_path / "detector.h5", *arguments, "--fps", 100),
        writing(tmp_path / "stage.h5", *arguments, "--fps", 30, "--key-ones", 1),
    ):
        run(finished(spark, master, **options), tmp_path / "checkpoint", found)
    assert found.indexes == list(range(40))
    found.check((16, 16))


@pytest.mark.parametrize(
    "arguments",
    [["--late-swmr", "0.5", "--hold", "30"], ["--no-swmr", "--fps", "100"]],
    ids=["not in SWMR mode yet", "never in SWMR mode"],
)
def test_waits_for_a_file(spark: SparkSession, tmp_path: Path, arguments: list[str]) -> None:
    """The columns need a file that may be read: it is waited for."""
    path = tmp_path / "late.h5"
    command = [sys.executable, str(live_writer.__file__), str(path), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        found = Collected()
        run(finished(spark, path, timeout=30), tmp_path / "checkpoint", found)
        assert found.indexes == list(range(60))
    finally:
        process.kill()
        process.wait()


def test_a_file_that_does_not_come(spark: SparkSession, tmp_path: Path) -> None:
    """Is not waited for without end."""
    with pytest.raises(Exception, match=r"PATH_NOT_FOUND.*no HDF5 file was there for 300 ms"):
        frames_of(spark, tmp_path / "none.h5", timeout=0.3)
