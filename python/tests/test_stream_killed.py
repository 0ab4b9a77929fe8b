"""`kill -9` of the driver of a stream: every frame once, in Spark's file sink."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import numpy as np
import pyarrow.parquet
import pytest
from pyspark.sql import SparkSession

import live_writer
from cluster.holds import Hold, build_library
from cluster.processes import kill, wait_until
from live_scans import Scan, writing
from streams import finished, frames_of, kill_one

KILLS = int(os.environ.get("ARRAYS_STREAM_KILLS", "2"))
"""How often a driver is killed at random."""

ENVIRONMENT = {"PYTHONPATH": os.pathsep.join(sys.path)}

CHILD = """
import json, sys
import spark_arrays
from streams import finished

spark = spark_arrays.session(
    master="local[2]",
    conf={"spark.ui.enabled": False, "spark.log.level": "OFF",
          "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1"},
)
path, checkpoint, out, options = sys.argv[1:]
query = (
    finished(spark, path, timeout=60, maxFramesPerTrigger=9, **json.loads(options))
    .writeStream.format("parquet").option("checkpointLocation", checkpoint)
    .trigger(availableNow=True).start(out)
)
query.awaitTermination()
"""


def check_frames(spark: SparkSession, out: Path, indexes: list[int], shape: Any) -> None:
    """See that a sink has the writer's frames of these indexes, once each."""
    rows = spark.read.parquet(str(out)).collect()
    assert Counter(row.frame_index for row in rows) == Counter(indexes)
    for row in rows:
        expected = live_writer.frame(row.frame_index, shape).reshape(-1)
        assert (np.array(row.data, "u2") == expected).all(), row.frame_index


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        pytest.param([], {}, id="in order", marks=pytest.mark.long),
        pytest.param(
            ["--gaps", 12, "--gaps-on", "all"],
            {"gaps": "skip", "gapFrames": 2},
            id="in any order",
        ),
    ],
)
def test_killed_at_random(
    spark: SparkSession, tmp_path: Path, arguments: list[object], options: dict[str, object]
) -> None:
    """At any moment of a batch; late frames, too, come once."""
    path, checkpoint, out = tmp_path / "live.h5", tmp_path / "checkpoint", tmp_path / "out"
    count = 100 + 60 * KILLS
    chance = random.Random(20)
    places = [str(path), str(checkpoint), str(out)]
    command = [sys.executable, "-c", CHILD, *places, json.dumps(options)]
    killed = 0
    # A scan that lasts as long as the kills: a driver takes some ten seconds to come to a batch.
    fps = 25 if KILLS < 10 else 5
    scan = ["--scan", count, "--frame", "8,8", "--fps", fps, "--grow", "--hold", 600]
    with writing(path, *scan, *arguments):
        for _ in range(KILLS):
            killed += kill_one(command, os.environ | ENVIRONMENT, checkpoint, chance)
        print(f"{killed} of {KILLS} drivers were killed")
        query = (
            finished(spark, path, timeout=60, **options)
            .writeStream.format("parquet")
            .option("checkpointLocation", str(checkpoint))
            .trigger(availableNow=True)
            .start(str(out))
        )
        assert query.awaitTermination(120)
    assert killed >= KILLS / 2
    check_frames(spark, out, list(range(count)), (8, 8))


SKIPPING = {"gaps": "skip", "gapFrames": 1}
FIRST = [0, 1, 2, 4, 5, 6, 8]


@dataclass(frozen=True)
class Case:
    """Where a query that skips gaps is killed, and the frames of its batches in the end."""

    hold: tuple[str, ...]
    batches: list[list[int]]


CASES = {
    # Frames 3 and 7 are skipped. Then the driver is killed, or 3 comes and it is killed in the
    # batch of that; 7, 9 and 11 come after it. A batch that is in the log stays as it is there.
    # (Not while the first is to be logged: Spark refuses what that leaves as no checkpoint.)
    "0, logged": Case(("renamed", "offsets/0"), [FIRST, [3, 7, 9, 11]]),
    "0, half a file": Case(("write", "part-*.parquet"), [FIRST, [3, 7, 9, 11]]),
    "0, in the sink": Case(("renamed", "_spark_metadata/0"), [FIRST, [3, 7, 9, 11]]),
    "1, to be logged": Case(("rename", "offsets/1"), [FIRST, [3, 7, 9, 11]]),
    "1, logged": Case(("renamed", "offsets/1"), [FIRST, [3], [7, 9, 11]]),
    "1, in the sink": Case(("renamed", "_spark_metadata/1"), [FIRST, [3], [7, 9, 11]]),
    "1, done": Case(("renamed", "commits/1"), [FIRST, [3], [7, 9, 11]]),
}

SKIPPING_CHILD = """
import sys
import spark_arrays
from streams import frames_of
from test_stream_killed import SKIPPING

spark = spark_arrays.session(
    # One that is held keeps its core.
    master="local[8]",
    conf={"spark.ui.enabled": False, "spark.log.level": "OFF",
          "spark.sql.streaming.pollingDelay": "100ms",
          "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1"},
)
for folder in sys.argv[2:]:
    (
        frames_of(spark, sys.argv[1], **SKIPPING)
        .writeStream.format("parquet")
        .option("checkpointLocation", folder + "/checkpoint")
        .start(folder + "/out")
    )
spark.streams.awaitAnyTermination()
"""


def hold(root: Path, case: Case, folder: Path) -> Hold:
    """Hold a case's query at its step."""
    operation, name = case.hold
    if operation == "write":
        return Hold(root / "holds", operation, f"{folder}/*{name}")
    return Hold(root / "holds", operation, f"{folder}/*", f"{folder}/*/{name}")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give the folder of each case; all queries were of one driver, which was killed."""
    root = tmp_path_factory.mktemp("killed")
    library = build_library(root)
    if library is None:
        pytest.skip("needs a C compiler, cc, for the library that holds processes")
    folders = {name: root / str(number) for number, name in enumerate(CASES)}
    scan = Scan(root / "scan.h5")
    scan.put(*FIRST)
    with ExitStack() as stack:
        holds = {
            name: stack.enter_context(hold(root, CASES[name], folder))
            for name, folder in folders.items()
        }
        log = stack.enter_context((root / "log").open("wb"))
        child = subprocess.Popen(
            [sys.executable, "-c", SKIPPING_CHILD, str(scan.path), *map(str, folders.values())],
            env=os.environ
            | ENVIRONMENT
            | {"LD_PRELOAD": str(library), "ARRAYS_HOLDS": str(root / "holds")},
            stdout=log,
            stderr=log,
        )

        def wait(reached: Callable[[str], bool], batch: int) -> None:
            def all_reached() -> bool:
                assert child.poll() is None, (root / "log").read_text()
                return all(reached(name) for name in CASES if name.startswith(f"{batch},"))

            wait_until(all_reached, f"the steps of batch {batch} in {root}", 240)

        try:
            wait(lambda name: holds[name].reached() is not None, 0)
            wait(lambda name: (folders[name] / "checkpoint" / "commits" / "0").exists(), 1)
            scan.put(3)
            wait(lambda name: holds[name].reached() is not None, 1)
            reached = [one.reached() for one in holds.values()]
            kill({one.pid for one in reached if one is not None})
        finally:
            child.kill()
            child.wait()
    scan.put(7, 9, 11)
    scan.file.close()
    return folders


def in_sink(out: Path) -> list[list[int]]:
    """Give the frames of each batch, as Spark's log of the sink has them."""
    batches = []
    for number in range(len(list((out / "_spark_metadata").glob("[0-9]*")))):
        files = (out / "_spark_metadata" / str(number)).read_text().splitlines()[1:]
        indexes: list[int] = []
        for file in files:
            path = unquote(urlparse(json.loads(file)["path"]).path)
            indexes += pyarrow.parquet.read_table(path)["frame_index"].to_pylist()
        batches.append(sorted(indexes))
    return batches


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_killed_while_gaps_are_skipped(
    spark: SparkSession, killed: dict[str, Path], name: str
) -> None:
    """A batch is the same after the kill, though keys came since; what is missing is told."""
    folder = killed[name]
    query = (
        frames_of(spark, folder.parent / "scan.h5", **SKIPPING)
        .writeStream.format("parquet")
        .option("checkpointLocation", str(folder / "checkpoint"))
        .trigger(availableNow=True)
        .start(str(folder / "out"))
    )
    assert query.awaitTermination(60)
    batches = CASES[name].batches
    assert in_sink(folder / "out") == batches
    check_frames(spark, folder / "out", [*range(10), 11], (4, 4))
    offsets = folder / "checkpoint" / "offsets"
    skipped = []
    for number in range(len(batches)):
        offset = json.loads((offsets / str(number)).read_text().splitlines()[-1])
        skipped.append(offset["files"][0]["skipped"])
    gaps = {tuple(FIRST): [[3, 4], [7, 8]], (3,): [[7, 8]]}
    assert skipped == [gaps.get(tuple(batch), [[10, 11]]) for batch in batches]
    assert query.lastProgress is not None
    metrics = query.lastProgress["sources"][0]["metrics"]
    assert (metrics["framesSkipped"], metrics["framesBehind"]) == ("1", "0")
