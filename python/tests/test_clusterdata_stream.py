"""ClusterDataSets as sink, source and cache of live and slow scans, and as others write them."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

import live_writer
import spark_arrays
from conftest import ROOT
from live_scans import writing
from streams import Collected, finished, kill_one, run

KILLS = int(os.environ.get("ARRAYS_STREAM_KILLS", "3"))
"""How often a driver is killed."""

FRAME = (8, 8)


def scan(count: int) -> NDArray[np.uint16]:
    """Give the frames of the writer's scan."""
    frames = [live_writer.frame(index, FRAME) for index in range(count)]
    return np.stack(frames).astype("u2")


def arguments(count: int, fps: int) -> list[object]:
    """Have the writer write a scan that is finished, and hold the file."""
    frame = ",".join(map(str, FRAME))
    return ["--scan", count, "--frame", frame, "--fps", fps, "--grow", "--hold", 600]


def into(frames: DataFrame, path: Path, checkpoint: Path, **options: object) -> Any:
    """Write a stream until it stops by itself."""
    writer = frames.writeStream.format("clusterdata").trigger(availableNow=True)
    for name, value in options.items():
        writer = writer.option(name, str(value))
    query = writer.option("checkpointLocation", str(checkpoint)).start(str(path))
    assert query.awaitTermination(120), query.status
    return query


def stored(path: Path, dtype: Any, shape: tuple[int, ...]) -> Any:
    """Give what partitions hold, by numpy alone."""
    files = sorted((path / "parts").glob("partition-*"))
    return np.concatenate([np.fromfile(file, dtype).reshape(-1, *shape) for file in files])


@pytest.mark.parametrize("align", [None, 10])
def test_a_live_scan_becomes_a_data_set(
    spark: SparkSession, tmp_path: Path, align: int | None
) -> None:
    """Follow a writer into partitions, read them as a table, and as a stream."""
    count, live, path = 50, tmp_path / "live.h5", tmp_path / "scan"
    options = {} if align is None else {"alignFrames": align}
    with writing(live, *arguments(count, 100)):
        frames = finished(spark, live, timeout=60, maxFramesPerTrigger=13, **options)
        query = into(frames, path, tmp_path / "check", scanShape=count, partitions=5)
    assert len(query.recentProgress) > 2
    assert (stored(path, "<u2", FRAME) == scan(count)).all()
    assert len(list((path / "parts").iterdir())) == 5
    (stream,) = path.glob(".stream-*")
    assert [file.name for file in stream.iterdir()] == ["epoch.json"]
    table = spark.read.format("clusterdata").load(str(path)).orderBy("frame_index")
    assert (spark_arrays.to_numpy(table) == scan(count)).all()
    found = Collected()
    read = spark.readStream.format("clusterdata").option("maxFramesPerTrigger", 20)
    run(read.load(str(path)), tmp_path / "read", found)
    assert [len(rows) for _, rows in sorted(found.batches.items())] == [20, 20, 10]
    assert found.indexes == list(range(count))


@pytest.mark.parametrize(("align", "shares"), [(10, [10, 10, 10]), (1, [15, 15])])
def test_tasks_have_whole_partitions(
    spark: SparkSession, tmp_path: Path, align: int, shares: list[int]
) -> None:
    """Where batches are cut at multiples, so are their tasks."""
    live, found = tmp_path / "live.h5", []
    with h5py.File(live, "w", libver="latest") as file:
        file.create_dataset("/entry/data/data", data=scan(30), chunks=(1, *FRAME))
        file.create_dataset("/entry/keys/key_1", data=np.ones(30, "i4"), chunks=(1,))
        file.create_dataset("/entry/finished", data=np.ones(1, "i4"))

    def look(batch: DataFrame, _: int) -> None:
        found.append(
            [row["count"] for row in batch.groupBy(f.spark_partition_id()).count().collect()]
        )

    frames = finished(spark, live, alignFrames=align, maxPartitionBytes=15 * 2 * 8 * 8)
    run(frames.select("frame_index", "data"), tmp_path / "check", look)
    assert found == [shares]


def test_a_scan_that_breaks_off_leaves_whole_partitions(
    spark: SparkSession, tmp_path: Path
) -> None:
    """What is not whole waits for the same query."""
    live, path, checkpoint = tmp_path / "live.h5", tmp_path / "scan", tmp_path / "check"
    with h5py.File(live, "w", libver="latest") as file:
        data = file.create_dataset("/entry/data/data", (12, *FRAME), "u2", chunks=(1, *FRAME))
        keys = file.create_dataset("/entry/keys/key_1", (12,), "i4", chunks=(1,))
        file.create_dataset("/entry/finished", (1,), "i4")
        file.swmr_mode = True
        for last, whole in ((7, 1), (11, 2), (12, 3)):
            data[:last], keys[:last] = scan(12)[:last], 1
            file.flush()
            frames = finished(spark, live, endOn="now")
            into(frames, path, checkpoint, scanShape=12, partitions=3)
            assert len(list((path / "parts").iterdir())) == whole
            assert (stored(path, "<u2", FRAME) == scan(12)[: 4 * whole]).all()


CHILD = """
import sys
import spark_arrays
from streams import finished

spark = spark_arrays.session(
    "child", master="local[2]",
    conf={"spark.ui.enabled": False, "spark.log.level": "OFF",
          "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1"},
)
path, checkpoint, out, count = sys.argv[1:]
query = (
    finished(spark, path, timeout=60, maxFramesPerTrigger=9)
    .writeStream.format("clusterdata").option("checkpointLocation", checkpoint)
    .option("scanShape", count).option("partitions", 8)
    .trigger(availableNow=True).start(out)
)
query.awaitTermination()
"""


@pytest.mark.long
def test_killed_drivers(spark: SparkSession, tmp_path: Path) -> None:
    """`kill -9` of the driver at random moments: every frame once, nothing else left."""
    path, checkpoint, out = tmp_path / "live.h5", tmp_path / "check", tmp_path / "out"
    count = 100 + 60 * KILLS
    chance = random.Random(21)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", CHILD, str(path), str(checkpoint), str(out), str(count)]
    killed = 0
    with writing(path, *arguments(count, 25)):
        for _ in range(KILLS):
            killed += kill_one(command, environment, checkpoint, chance)
            if (out / "parts").exists():
                check_partitions(out, count)
        frames = finished(spark, path, timeout=60)
        into(frames, out, checkpoint, scanShape=count, partitions=8)
    assert killed > 0
    assert (stored(out, "<u2", FRAME) == scan(count)).all()
    (stream,) = out.glob(".stream-*")
    assert [file.name for file in stream.iterdir()] == ["epoch.json"]
    assert not list((out / "parts").glob(".*"))
    assert sorted(file.name for file in tmp_path.glob(".*")) == []


def check_partitions(path: Path, count: int) -> None:
    """Check that those that are there are whole and right, at whatever moment."""
    bounds = [int(k * (count / 8)) for k in range(9)]
    for file in (path / "parts").glob("partition-*"):
        number = int(file.name[-8:])
        frames = np.fromfile(file, "<u2").reshape(-1, *FRAME)
        assert (frames == scan(count)[bounds[number] : bounds[number + 1]]).all(), file


def test_a_cache_of_compressed_hdf5(spark: SparkSession, tmp_path: Path) -> None:
    """Decode once, read often; what is there is left, and another structure refused."""
    source, path = tmp_path / "scan.h5", tmp_path / "cache"
    frames = np.random.default_rng(5).integers(0, 60000, (4, 6, 8, 8), "u2")
    with h5py.File(source, "w") as file:
        file.create_dataset("/data", data=frames, chunks=(1, 1, 8, 8), compression="gzip")
    table = spark.read.format("hdf5").option("dims", "y,x").load(str(source))
    copy = spark_arrays.cache(table, path, partitions=5)
    assert copy.columns == table.columns == ["frame_index", "y", "x", "data"]
    assert copy.where("y = 2 and x > 3").count() == 2
    assert sorted(map(tuple, copy.collect())) == sorted(map(tuple, table.collect()))
    assert (stored(path, "<u2", (8, 8)) == frames.reshape(-1, 8, 8)).all()
    (path / "parts" / "partition-00000003").unlink()
    before = {file.name: file.stat().st_ino for file in (path / "parts").iterdir()}
    again = spark_arrays.cache(table, path)
    assert (stored(path, "<u2", (8, 8)) == frames.reshape(-1, 8, 8)).all()
    after = {file.name: file.stat().st_ino for file in (path / "parts").iterdir()}
    assert len(after) == 5
    assert before.items() <= after.items()
    assert again.count() == 24
    with pytest.raises(spark_arrays.SparkArraysError, match="STRUCTURE_DIFFERS"):
        spark_arrays.cache(table, path, partitions=7)


def snippets(language: str) -> list[str]:
    """Give the code of the section of the docs about programs that write partitions."""
    text = (ROOT / "docs" / "clusterdata.md").read_text()
    section = text.split("## Partitions from C and Python")[1].split("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


@pytest.fixture(params=["c", "python"])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Give the command that runs the example of the docs."""
    (code,) = snippets(request.param)
    if request.param == "python":
        yield [sys.executable, "-c", code]
        return
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("THE C EXAMPLE OF docs/clusterdata.md IS NOT TESTED: there is no cc")
    (tmp_path / "simulate.c").write_text(code)
    warnings = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-format-truncation"]
    files = ["-o", str(tmp_path / "simulate"), str(tmp_path / "simulate.c")]
    subprocess.run([compiler, *warnings, *files], check=True)
    yield [str(tmp_path / "simulate")]


def test_partitions_that_other_programs_write(
    spark: SparkSession, tmp_path: Path, program: list[str]
) -> None:
    """Run the programs of the docs, and read what they wrote."""
    path = tmp_path / "simulated"
    subprocess.run([*program, str(path)], check=True)
    frame, y, x = np.ogrid[0:8, 0:4, 0:6]
    expected = (frame + y / 4 + x / 100).astype("f4")
    table = spark.read.format("clusterdata").load(str(path)).orderBy("frame_index")
    np.testing.assert_allclose(spark_arrays.to_numpy(table), expected, rtol=1e-6)
    entries = sorted(file.name for file in path.rglob("*"))
    assert entries == ["partition-00000000", "partition-00000001", "parts", "structure.json"]
    again = subprocess.run([*program, str(path)], check=False, capture_output=True, text=True)
    assert again.returncode != 0
    assert "exists" in again.stderr
    assert sorted(file.name for file in path.rglob("*")) == entries


def test_partitions_of_another_program_as_a_stream(spark: SparkSession, tmp_path: Path) -> None:
    """Each is given once it is there, also while the query runs."""
    (code,) = snippets("python")
    path, found = tmp_path / "simulated", Collected()
    slow = code.replace("    publish(parts", "    input()\n    publish(parts")
    command = [sys.executable, "-c", slow, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as simulation:
        assert simulation.stdin is not None
        end = time.monotonic() + 60
        while not (path / "structure.json").exists():
            assert time.monotonic() < end
        frames = (
            spark.readStream.format("clusterdata")
            .option("endOn", "complete")
            .option("timeout", 60)
            .load(str(path))
        )
        query = (
            frames.writeStream.foreachBatch(found)
            .option("checkpointLocation", str(tmp_path / "checkpoint"))
            .trigger(availableNow=True)
            .start()
        )
        for given in (3, 8):
            simulation.stdin.write("\n")
            simulation.stdin.flush()
            while len(found.indexes) < given:
                assert time.monotonic() < end
                assert query.exception() is None
                query.awaitTermination(1)
        assert query.awaitTermination(60)
    assert found.indexes == list(range(8))
    assert [len(rows) for _, rows in sorted(found.batches.items())] == [3, 5]
