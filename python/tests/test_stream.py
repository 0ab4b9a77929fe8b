"""Streams of frames from files that h5py writes: every frame once, through restarts and kills."""

from __future__ import annotations

import json
import math
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from pyspark.errors import StreamingQueryException
from pyspark.sql import DataFrame, SparkSession

import live_writer
from cluster.processes import wait_until
from test_swmr import MODES as ALL_MODES
from test_swmr import master, writing

DATA = "/entry/data/data"
KEY = "/entry/keys/key_1"
FINISHED = "/entry/finished"
KILLS = int(os.environ.get("ARRAYS_STREAM_KILLS", "2"))
"""How often a driver is killed."""


def frames_of(spark: SparkSession, path: Path | str, **options: object) -> DataFrame:
    """Stream the frames of a scan."""
    reader = spark.readStream.format("hdf5").option("keys", KEY).option("datasets", DATA)
    for name, value in options.items():
        reader = reader.option(name, str(value))
    return reader.load(str(path))


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
        """Check all pixels."""
        for rows in self.batches.values():
            for row in rows:
                expected = live_writer.frame(row.frame_index, shape).reshape(-1)
                assert (np.array(row.data, "u2") == expected).all(), row.frame_index


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


def finished(spark: SparkSession, path: Path, **options: object) -> DataFrame:
    """Stream a scan that says when it is finished."""
    return frames_of(spark, path, **{"finishedDataset": FINISHED, "endOn": "finished"} | options)


MODES: dict[str, list[object]] = {
    "fixed": ["--fps", 200],
    "growing, bitshuffle": ["--grow", "--compression", "bslz4", "--fps", 200],
    "growing grid": ["--scan", "6,10", "--grow", "--key-ones", 2, "--fps", 200],
    "keys before data": ["--data-flush-every", 15, "--fps", 200],
}


@pytest.mark.parametrize(
    "arguments",
    [
        *(pytest.param(arguments, id=mode) for mode, arguments in MODES.items()),
        *(
            pytest.param(arguments, id=f"all: {mode}", marks=pytest.mark.long)
            for mode, arguments in ALL_MODES.items()
        ),
    ],
)
def test_follows_a_writer_to_its_end(
    spark: SparkSession, tmp_path: Path, arguments: list[object]
) -> None:
    """Every frame once, in order, its pixels right; the query stops with the scan."""
    path = tmp_path / "live.h5"
    options = live_writer.parse([str(path), *map(str, arguments)])
    keys = ",".join(f"/entry/keys/key_{k + 1}" for k in range(options.keys))
    found = Collected()
    with writing(path, *arguments, "--hold", 30):
        frames = finished(spark, path, timeout=20, keys=keys, scanRank=len(options.scan))
        run(frames, tmp_path / "checkpoint", found)
    assert found.indexes == list(range(math.prod(options.scan)))
    found.check(options.frame)
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


EXAMPLES = Path(__file__).parents[2] / "src" / "test" / "resources" / "swmr"


def test_documented_examples(spark: SparkSession, tmp_path: Path) -> None:
    """Those of swmr_tools: a grid of 2 x 2 frames of 5 x 10 in two data sets, and eight keys."""
    found = Collected()
    frames = frames_of(
        spark,
        EXAMPLES / "example.h5",
        keys="/keys/keys_1",
        datasets="/data/data_1,/data/data_2",
    )
    run(frames, tmp_path / "grid", found)
    rows = [row for batch in found.batches.values() for row in batch]
    assert [(row.scan_0, row.scan_1) for row in rows] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    with h5py.File(EXAMPLES / "example.h5") as file:
        for row in rows:
            for name in ("data_1", "data_2"):
                expected = file["data"][name][row.scan_0, row.scan_1]
                assert (np.reshape(row[name], (5, 10)) == expected).all()
    found = Collected()
    key = "/keys/key_1"
    frames = frames_of(spark, EXAMPLES / "test_file.h5", keys=key, datasets=key, scanRank=2)
    run(frames, tmp_path / "keys", found)
    assert found.indexes == [0, 1, 2, 3, 4, 5, 6, 7]


class Scan:
    """A scan that a test writes itself, point by point."""

    def __init__(self, path: Path, points: int = 12, inner: tuple[int, ...] = ()) -> None:
        """Create all objects and let readers in."""
        self.file = h5py.File(path, "w", libver="latest")
        shape = (points, *inner)
        ones = (1,) * len(shape)
        self.data = self.file.create_dataset(DATA, (*shape, 4, 4), "u2", chunks=(*ones, 4, 4))
        self.keys = self.file.create_dataset(KEY, shape, "i4", chunks=ones)
        self.finished = self.file.create_dataset(FINISHED, (1,), "i4", chunks=(1,))
        self.file.swmr_mode = True

    def put(self, *indexes: int) -> None:
        """Write frames, then their keys."""
        for index in indexes:
            self.data[index] = live_writer.frame(index, (4, 4))
        self.data.flush()
        for index in indexes:
            self.keys[index] = index + 1
        self.keys.flush()

    def finish(self) -> None:
        """Say that it is all."""
        self.finished[0] = 1
        self.finished.flush()


@pytest.fixture
def scan(tmp_path: Path) -> Any:
    """Give a scan of twelve points."""
    scan = Scan(tmp_path / "scan.h5")
    yield scan
    scan.file.close()


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


def test_files_that_are_others_now(spark: SparkSession, tmp_path: Path) -> None:
    """A replaced file, one that was cut and one of another structure are refused at restart."""
    path = tmp_path / "scan.h5"
    checkpoint = tmp_path / "checkpoint"
    scan = Scan(path)
    scan.put(0, 1, 2, 3)
    run(frames_of(spark, path), checkpoint, Collected())
    # The same inode, as a new run that writes over the old file has.
    scan.file.close()
    scan = Scan(path)
    scan.put(0, 1)
    with pytest.raises(StreamingQueryException, match=r"SCAN_CHANGED.*frame 3 was given before"):
        run(frames_of(spark, path), checkpoint, Collected())
    scan.file.close()
    scan = Scan(tmp_path / "other.h5")
    scan.put(*range(12))
    (tmp_path / "other.h5").replace(path)
    with pytest.raises(StreamingQueryException, match=r"SCAN_CHANGED.*another file has its name"):
        run(frames_of(spark, path), checkpoint, Collected())
    scan.file.close()
    offsets = checkpoint / "offsets" / "0"
    lines = offsets.read_text().splitlines()
    offset = json.loads(lines[-1])
    assert offset["files"][0]["next"] == 4
    assert offset["files"][0]["structure"] == {"scan": "()", DATA: "uint16 (4, 4)"}


def test_a_run_that_writes_over_the_file(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    """Keys that became smaller are another run's; greater ones are of frames taken again."""
    path, checkpoint = tmp_path / "scan.h5", tmp_path / "checkpoint"
    scan.put(0, 1, 2, 3)
    found = Collected()
    run(frames_of(spark, path), checkpoint, found)
    scan.keys[3] = 17
    scan.put(4)
    run(frames_of(spark, path), checkpoint, found)
    assert found.indexes == list(range(5))
    scan.keys[4] = 2
    scan.put(5)
    with pytest.raises(StreamingQueryException, match=r"the key of frame 4 is 2, and was 5"):
        run(frames_of(spark, path), checkpoint, found)


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


def test_a_scan_without_an_end(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    """Frames are taken that come after the scan was finished, and silence ends nothing."""
    found = Collected()
    frames = finished(spark, tmp_path / "scan.h5", endOn="never", timeout=0.1)
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
        assert query.isActive
    finally:
        query.stop()
    assert found.indexes == list(range(5))
    assert query.exception() is None


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


def test_new_scans_join(spark: SparkSession, tmp_path: Path) -> None:
    """A glob follows the scans that appear, and numbers each by itself."""
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
            frames = finished(spark, tmp_path / "run*.h5", metadataColumns="_file", timeout=5)
            run(frames, checkpoint, found)
    rows = [(Path(r._file).name, r.frame_index) for b in found.batches.values() for r in b]
    assert rows == [(f"run{number}.h5", index) for number in range(3) for index in range(4)]
    found.check((4, 4))


def test_waits_for_a_file_that_is_not_there(spark: SparkSession, tmp_path: Path) -> None:
    """The columns need a file: it is waited for, and if it does not come that is said."""
    path = tmp_path / "late.h5"
    with pytest.raises(Exception, match=r"PATH_NOT_FOUND.*no HDF5 file was there for 300 ms"):
        frames_of(spark, path, timeout=0.3)
    command = [sys.executable, str(live_writer.__file__), str(path), "--late-swmr", "0.5"]
    process = subprocess.Popen([*command, "--hold", "30"], stdout=subprocess.DEVNULL)
    try:
        found = Collected()
        run(finished(spark, path, timeout=30), tmp_path / "checkpoint", found)
        assert found.indexes == list(range(60))
    finally:
        process.kill()
        process.wait()


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


def test_keys_by_their_usual_names_or_none(spark: SparkSession, tmp_path: Path, scan: Scan) -> None:
    """The group of keys is found; stored chunks tell, too."""
    scan.put(0, 1, 2)
    scan.data[3] = 1
    scan.data.flush()
    path = tmp_path / "scan.h5"
    for keys, count in (("auto", 3), ("stored", 4)):
        found = Collected()
        run(frames_of(spark, path, keys=keys), tmp_path / keys, found)
        assert found.indexes == list(range(count))


CHILD = """
import sys
import spark_arrays
from test_stream import finished

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
