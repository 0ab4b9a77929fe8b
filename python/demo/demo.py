"""Simulate a 4D-STEM scan, write it as a ClusterDataSet, read it back, make pictures of it.

Then follow a smaller one while another process writes it into a live HDF5 file.

Everything that touches frames runs in Spark tasks; the driver only sees two numbers a frame and
one sum a task. Run by ``make demo``, or with spark-arrays installed::

    python python/demo/demo.py --out build/demo
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark import SparkContext
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import ArrayType, DoubleType, LongType, StructField, StructType

import spark_arrays

sys.path.insert(0, str(Path(__file__).resolve().parent))
import live_scan
from figures import Growth, save_figures, save_growth
from simulation import Scan

FORMAT = "clusterdata"
PARTITIONS = 16
BLOCK = 64
"""Frames that a task simulates at once: 4 MiB of detector pictures."""

SIGNALS = "frame_index bigint, bright double, dark double"

Batches = Iterator[pa.RecordBatch]


def simulate(batches: Batches, scan: Scan) -> Batches:
    """Make the frames of the given ``frame_index`` values; runs in a task."""
    pixels = scan.frame_shape[0] * scan.frame_shape[1]
    for batch in batches:
        index = batch.column(0).to_numpy()
        for start in range(0, len(index), BLOCK):
            block = index[start : start + BLOCK]
            values = pa.array(scan.frames(block).ravel())
            offsets = pa.array(np.arange(len(block) + 1, dtype=np.int32) * np.int32(pixels))
            frames = pa.ListArray.from_arrays(offsets, values)
            yield pa.RecordBatch.from_arrays([pa.array(block), frames], ["frame_index", "frame"])


def detect(batches: Batches, masks: npt.NDArray[np.float32]) -> Batches:
    """Sum each frame over each detector (rows of ``masks``); runs in a task."""
    for batch in batches:
        frames = spark_arrays.frames(batch)  # a view of Arrow's memory, not a copy
        signals = frames.reshape(len(frames), -1) @ masks.T
        yield pa.RecordBatch.from_arrays(
            [
                batch.column("frame_index"),
                *(pa.array(column, pa.float64()) for column in signals.T),
            ],
            ["frame_index", "bright", "dark"],
        )


def total(batches: Batches) -> Batches:
    """Sum a task's frames; runs in a task, gives one row."""
    count, pattern = 0, None
    for batch in batches:
        frames = spark_arrays.frames(batch)
        partial_sum = frames.sum(axis=0, dtype=np.float64)
        pattern = partial_sum if pattern is None else pattern + partial_sum
        count += len(frames)
    if pattern is not None:
        yield pa.RecordBatch.from_arrays(
            [pa.array([count]), pa.array([pattern.ravel()])], ["count", "pattern"]
        )


def write(spark: SparkSession, scan: Scan, path: Path) -> None:
    """Simulate the scan in tasks and write it; the rows need no order."""
    schema = StructType(
        [
            StructField("frame_index", LongType(), nullable=False),
            spark_arrays.frame_field("frame", "float32", scan.frame_shape),
        ]
    )
    frames = scan.scan_shape[0] * scan.scan_shape[1]
    (
        spark.range(0, frames, 1, PARTITIONS)
        .mapInArrow(partial(simulate, scan=scan), schema)
        .write.format(FORMAT)
        .option("scanShape", ",".join(map(str, scan.scan_shape)))
        .option("partitions", PARTITIONS)
        .mode("overwrite")
        .save(str(path))
    )


def check(table: DataFrame, scan: Scan) -> str:
    """Compare some frames that Spark reads with the simulation, bit for bit."""
    frames = scan.scan_shape[0] * scan.scan_shape[1]
    some = np.unique(np.linspace(0, frames - 1, 9).astype(np.int64))
    found = spark_arrays.to_numpy(table.where(table["frame_index"].isin(some.tolist())))
    if table.count() != frames or not np.array_equal(found, scan.frames(some)):
        sys.exit("the frames read differ from those written")
    return f"{frames} rows; frames {', '.join(map(str, some))} equal the simulation bit for bit"


def detectors(scan: Scan) -> npt.NDArray[np.float32]:
    """Give the pixels of the bright-field and the annular dark-field detector, a row each."""
    bright = scan.radius <= 1.1 * scan.disc_radius
    dark = (scan.radius >= 0.2) & (scan.radius <= 0.5)
    return np.stack([bright, dark]).reshape(2, -1).astype(np.float32)


def images(table: DataFrame, scan: Scan) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Make the virtual bright-field and annular dark-field images."""
    signals = table.mapInArrow(partial(detect, masks=detectors(scan)), SIGNALS).toArrow()
    order = np.argsort(signals["frame_index"].to_numpy())
    bright_image, dark_image = (
        signals[name].to_numpy()[order].reshape(scan.scan_shape) for name in ("bright", "dark")
    )
    return bright_image, dark_image


def average(table: DataFrame, scan: Scan) -> npt.NDArray[np.float64]:
    """Average all patterns: a sum in each task, the sum of those here."""
    schema = StructType(
        [StructField("count", LongType()), StructField("pattern", ArrayType(DoubleType()))]
    )
    rows = table.mapInArrow(total, schema).toArrow()
    sums = spark_arrays.frames(rows, "pattern", shape=scan.frame_shape, dtype="float64")
    mean: npt.NDArray[np.float64] = sums.sum(axis=0) / rows["count"].to_numpy().sum()
    return mean


def follow(spark: SparkSession, folder: Path) -> list[Growth]:
    """Follow a scan that another process writes, to its end; gives the images as they grew."""
    scan, path = live_scan.SCAN, folder / "live.h5"
    image = np.full(scan.scan_shape, np.nan)
    grown: list[Growth] = []

    def take(batch: DataFrame, _number: int) -> None:
        signals = batch.toArrow()
        image.flat[signals["frame_index"].to_numpy()] = signals["dark"].to_numpy()
        grown.append(Growth(time.monotonic() - begin, image.copy()))

    path.unlink(missing_ok=True)
    begin = time.monotonic()
    writer = subprocess.Popen([sys.executable, live_scan.__file__, str(path)])
    try:
        frames = (
            spark.readStream.format("hdf5")
            .option("keys", "/entry/keys/detector")  # other than zero where a frame may be read
            .option("datasets", "/entry/data/data as frame")
            .option("finishedDataset", "/entry/finished")
            .option("endOn", "finished")
            .option("timeout", "60s")
            .option("maxFramesPerTrigger", 48)  # two rows of the image at most
            .load(str(path))
        )
        with tempfile.TemporaryDirectory() as checkpoint:
            query = (
                frames.mapInArrow(partial(detect, masks=detectors(scan)), SIGNALS)
                .writeStream.foreachBatch(take)
                .option("checkpointLocation", checkpoint)
                .trigger(availableNow=True)  # up to the end of the scan
                .start()
            )
            query.awaitTermination()
    finally:
        writer.terminate()
        writer.wait()
    expected = scan.frames(np.arange(image.size)).reshape(image.size, -1) @ detectors(scan)[1]
    if not np.array_equal(image.ravel(), expected):
        sys.exit("the frames that were followed differ from those written")
    return grown


class Progress(AbstractContextManager["Progress"]):
    """Tells how many of Spark's tasks are done: a moving line on a terminal, else every quarter."""

    def __init__(self, context: SparkContext) -> None:
        self._tracker = context.statusTracker()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._moving = sys.stdout.isatty()

    def __enter__(self) -> Progress:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop watching and clear the line."""
        self._done.set()
        self._thread.join()
        if self._moving:
            print("\r\033[K", end="", flush=True)

    def _watch(self) -> None:
        told: set[tuple[int, int]] = set()
        while not self._done.wait(0.3):
            for stage in self._tracker.getActiveStageIds():
                info = self._tracker.getStageInfo(stage)
                if info is None or info.numTasks < 2:
                    continue
                line = f"      stage {stage}: {info.numCompletedTasks} of {info.numTasks} tasks"
                quarter = (stage, 4 * info.numCompletedTasks // info.numTasks)
                if self._moving:
                    print(f"\r\033[K{line}", end="", flush=True)
                elif quarter[1] and quarter not in told:
                    told.add(quarter)
                    print(line, flush=True)


def step(spark: SparkSession, what: str, run: Callable[[], Any]) -> Any:
    """Run a step, telling what it is, how it goes on and how long it took."""
    print(f"  {what}", flush=True)
    begin = time.monotonic()
    with Progress(spark.sparkContext):
        result = run()
    print(f"      {time.monotonic() - begin:.1f} s", flush=True)
    return result


def main() -> None:
    """Run the demo."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--out", type=Path, default=Path("build/demo"), help="folder to fill")
    arguments.add_argument("--master", default="local[*]", help="Spark's master URL")
    chosen = arguments.parse_args()
    output = chosen.out.resolve()
    output.mkdir(parents=True, exist_ok=True)
    path = output / "scan"
    begin = time.monotonic()

    print("Starting Spark", flush=True)
    spark = spark_arrays.session(
        "spark-arrays demo",
        master=chosen.master,
        conf={
            "spark.driver.memory": "2g",
            "spark.log.level": "ERROR",
            "spark.ui.enabled": False,
            "spark.ui.showConsoleProgress": False,
        },
    )
    # Tasks find the simulation by its module's name.
    spark.sparkContext.addPyFile(str(Path(__file__).resolve().parent / "simulation.py"))
    scan = Scan()
    size = np.prod(scan.scan_shape + scan.frame_shape) * 4 / 2**20
    print(
        f"Spark {spark.version} on {spark.sparkContext.master}\n"
        f"4D-STEM scan: {scan.scan_shape[0]} x {scan.scan_shape[1]} steps of "
        f"{scan.frame_shape[0]} x {scan.frame_shape[1]} float32, {size:.0f} MiB"
    )
    step(
        spark,
        f"1/6 simulate and write {PARTITIONS} partitions",
        lambda: write(spark, scan, path),
    )
    table = spark.read.format(FORMAT).load(str(path))
    print("      " + step(spark, "2/6 read back and check", lambda: check(table, scan)))
    bright, dark = step(
        spark, "3/6 virtual bright-field and dark-field images", lambda: images(table, scan)
    )
    mean = step(spark, "4/6 average pattern", lambda: average(table, scan))
    files = step(
        spark, "5/6 pictures", lambda: save_figures(table, scan, bright, dark, mean, output)
    )
    grown = step(
        spark, "6/6 follow a live scan, which another process writes", lambda: follow(spark, output)
    )
    print(f"      {grown[-1].image.size} frames in {len(grown)} batches, each once, all right")
    files.append(save_growth(grown, output))
    spark.stop()
    print(f"Done in {time.monotonic() - begin:.0f} s.\n  data set  {path}")
    for file in files:
        print(f"  picture   {file}")


if __name__ == "__main__":
    main()
