"""Whole jobs against their peers, in one run: ratios of medians, after the results were compared.

    .venv/bin/python bench/jobs.py --out build/bench [--mib 1024] [--runs 5]

Every job works on the same frames: float32 of 256 x 256, in the page cache. Runs alternate, so
that a noisy machine is noisy for all. A file's first reading after it was written is not timed:
how it was written shows in later reads until it is evicted and read once.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.functions import arrow_udf
from pyspark.sql.types import DoubleType

import spark_arrays

ROOT = Path(__file__).resolve().parents[1]
LIBERTEM = ROOT / ".venv-libertem/bin/python"
SIDE = 256
FRAME_BYTES = 4 * SIDE * SIDE
CORES = 2
PARTITIONS = 8
Job = Callable[[], float]


def simulate(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Make a frame of each index: cheap to make, different in every frame."""
    pattern = np.random.default_rng(0).random((SIDE, SIDE), dtype=np.float32)
    for batch in batches:
        index = batch.column(0).to_numpy()
        frames = (pattern[None] + (index % 97)[:, None, None].astype(np.float32)).ravel()
        lists = pa.ListArray.from_arrays(
            np.arange(0, frames.size + 1, SIDE * SIDE, dtype=np.int32), pa.array(frames)
        )
        yield pa.RecordBatch.from_arrays([batch.column(0), lists], ["frame_index", "frame"])


def sums_of(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Sum each frame of a batch, without a copy of it."""
    for batch in batches:
        frames = spark_arrays.frames(batch)
        total = frames.reshape(len(frames), -1).sum(axis=1, dtype=np.float64)
        yield pa.RecordBatch.from_arrays([pa.array(total)], ["total"])


@arrow_udf(DoubleType())  # type: ignore[call-overload, untyped-decorator]
def sum_of(frames: pa.Array) -> pa.Array:
    """Sum each frame of a column, without a copy of it."""
    pixels = frames.flatten().to_numpy(zero_copy_only=True).reshape(len(frames), -1)
    return pa.array(pixels.sum(axis=1, dtype=np.float64))


def parts(path: Path) -> list[Path]:
    """Give a data set's partition files in their order."""
    return sorted((path / "parts").iterdir())


def pread(file: Path) -> int:
    """Read a file into one buffer of a megabyte; give its size."""
    size = 0
    buffer = bytearray(1 << 20)
    with file.open("rb", buffering=0) as stream:
        while read := stream.readinto(buffer):
            size += read
    return size


def evict_and_read(path: Path) -> None:
    """Drop a data set's files from the page cache and read them once."""
    for file in parts(path):
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        pread(file)


def memmap_sum(file: str) -> float:
    """Sum the frames of a partition file by hand: what a user writes without a connector."""
    array = np.memmap(file, np.float32, "r").reshape(-1, SIDE * SIDE)
    return float(array.sum(axis=1, dtype=np.float64).sum())


def expected(frames: int) -> float:
    """Give the sum of all pixels."""
    pattern = np.random.default_rng(0).random((SIDE, SIDE), dtype=np.float32)
    index = np.arange(frames) % 97
    by_shift = [float((pattern + np.float32(shift)).sum(dtype=np.float64)) for shift in range(97)]
    return float(sum(by_shift[i] for i in index))


class Jobs:
    """The jobs that are timed; each gives a number that must agree with its peers'."""

    def __init__(self, spark: SparkSession, out: Path, frames: int) -> None:
        self.spark, self.out, self.frames = spark, out, frames
        self.scan = f"{frames // 64},64"
        self.set = out / "set"
        rows = spark.range(0, frames, 1, PARTITIONS)
        self.rows = rows.mapInArrow(simulate, "frame_index long, frame array<float>").cache()
        self.rows.count()
        self.pool = ProcessPoolExecutor(CORES)

    def _table(self) -> DataFrame:
        return self.spark.read.format("clusterdata").load(str(self.set))

    def write(self) -> float:
        """Write the cached rows as a data set."""
        (
            self.rows.write.format("clusterdata")
            .option("scanShape", self.scan)
            .option("frameShape", f"{SIDE},{SIDE}")
            .option("partitions", PARTITIONS)
            .mode("overwrite")
            .save(str(self.set))
        )
        return float(sum(file.stat().st_size for file in parts(self.set)))

    def write_parquet(self) -> float:
        """Write the cached rows as uncompressed Parquet."""
        rows = self.rows.write.option("compression", "none").mode("overwrite")
        rows.parquet(str(self.out / "parquet"))
        return float(self.frames * FRAME_BYTES)

    def write_libertem(self) -> float:
        """Copy the data set through LiberTEM's write handle; it times itself."""
        script = Path(__file__).with_name("libertem_write.py")
        target = self.out / "libertem"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        command = [str(LIBERTEM), str(script), str(self.set), str(target)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        self.libertem_seconds: float = json.loads(done.stdout)["seconds"]
        return float(sum(file.stat().st_size for file in parts(target)))

    def scan_sizes(self) -> float:
        """Read every frame in the JVM and ask for its length."""
        total = self._table().selectExpr("sum(size(frame))").first()
        assert total is not None
        return float(total[0] * 4)

    def plain_pread(self) -> float:
        """Read the files with plain processes."""
        return float(sum(self.pool.map(pread, parts(self.set))))

    def sum_by_udf(self) -> float:
        """Sum every frame in Python by an Arrow UDF, which Spark feeds whole columns."""
        total = (
            self._table().select(sum_of("frame").alias("total")).selectExpr("sum(total)").first()
        )
        assert total is not None
        return float(total[0])

    def sum_by_map(self) -> float:
        """Sum every frame in Python by mapInArrow, for which Spark copies row by row."""
        sums = self._table().select("frame").mapInArrow(sums_of, "total double")
        total = sums.selectExpr("sum(total)").first()
        assert total is not None
        return float(total[0])

    def sum_by_hand(self) -> float:
        """Sum every frame in Python by RDD and numpy.memmap."""
        files = [str(file) for file in parts(self.set)]
        rdd = self.spark.sparkContext.parallelize(files, len(files))
        return float(rdd.map(memmap_sum).sum())


def alternate(runs: int, jobs: dict[str, Job], want: float) -> dict[str, list[float]]:
    """Time jobs in turn, one warm-up each; stop if one gives another result."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for run in range(runs + 1):
        for name, job in jobs.items():
            begin = time.perf_counter()
            got = job()
            seconds = time.perf_counter() - begin
            if not np.isclose(got, want, rtol=1e-9):
                sys.exit(f"{name} gave {got}, not {want}: nothing is reported")
            if run > 0:
                times[name].append(seconds)
            print(f"  {name}: {seconds:.2f} s{'' if run else ' (warm-up)'}", flush=True)
    return times


def report(title: str, size: float, times: dict[str, list[float]]) -> list[str]:
    """Give a Markdown table; the first job is ours."""
    ours = statistics.median(next(iter(times.values())))
    lines = [f"### {title}", "", "| job | GB/s, median | best | ours ÷ it |", "|---|---|---|---|"]
    for name, seconds in times.items():
        median = statistics.median(seconds)
        rates = f"{size / median / 1e9:.2f} | {size / min(seconds) / 1e9:.2f}"
        lines.append(f"| {name} | {rates} | {median / ours:.2f} |")
    return [*lines, ""]


def main() -> None:
    """Run all jobs and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=ROOT / "build/bench")
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    out = options.out.resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    frames = (options.mib << 20) // FRAME_BYTES // 64 * 64
    size = float(frames * FRAME_BYTES)
    settings = {
        "spark.driver.memory": "6g",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "32",
        "spark.sql.inMemoryColumnarStorage.batchSize": "32",
    }
    spark = spark_arrays.session("bench", master=f"local[{CORES}]", conf=settings)
    spark.sparkContext.setLogLevel("ERROR")
    jobs = Jobs(spark, out, frames)
    print(f"{frames} frames, {size / 2**20:.0f} MiB, {options.runs} runs after a warm-up")
    jobs.write()
    writing = {"clusterdata": jobs.write, "Parquet, uncompressed": jobs.write_parquet}
    tables = report("Writing from a cached DataFrame", size, alternate(options.runs, writing, size))
    if LIBERTEM.exists():
        handle = []
        for _ in range(options.runs):
            jobs.write_libertem()
            handle.append(jobs.libertem_seconds)
        rate = size / statistics.median(handle) / 1e9
        tables += [
            f"LiberTEM 0.14.2's write handle, one process, in the same run: {rate:.2f} GB/s",
            "",
        ]
    evict_and_read(jobs.set)
    reading = {"clusterdata": jobs.scan_sizes, "plain pread, 2 processes": jobs.plain_pread}
    tables += report(
        "Reading every frame, `SELECT sum(size(frame))`",
        size,
        alternate(options.runs, reading, size),
    )
    summing: dict[str, Job] = {
        "clusterdata, `arrow_udf`": jobs.sum_by_udf,
        "clusterdata, `mapInArrow`": jobs.sum_by_map,
        "RDD and numpy.memmap by hand": jobs.sum_by_hand,
    }
    total = expected(frames)
    tables += report("Per-frame sums in Python", size, alternate(options.runs, summing, total))
    print("\n" + "\n".join(tables))
    jobs.pool.shutdown()
    spark.stop()
    shutil.rmtree(out)


if __name__ == "__main__":
    main()
