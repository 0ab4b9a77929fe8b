"""Functions of frames in Python: map_frames beside what users write by hand, in one run.

    .venv/bin/python bench/python_frames.py [--mib 1024] [--runs 5] [--only sum,fft,percentile]

All are given the same function, and the same thresholds of glibc's malloc, which change an FFT a
lot. Raw frames are float32 of 256 x 256 in eight files, those of HDF5 uint16 in gzip chunks
of one frame, a quarter as many bytes; all are in the page cache. Runs alternate.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import frame_functions
import frames
import h5py
import numpy as np
import numpy.typing as npt
import peers
from frame_functions import Range, Work
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.functions import arrow_udf
from pyspark.sql.types import DoubleType
from timing import Job, alternate, report

import spark_arrays

CORES = 2
FILES = 8
SHAPE = (frames.SIDE, frames.SIDE)
SCHEMA = "frame_index long, value double"
# Big arrays come from the heap and stay with it, in whatever way the frames come.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(4 << 30)}
WORK: dict[str, Work] = {
    "sum": frame_functions.total,
    "fft": frame_functions.spectrum,
    "percentile": frame_functions.percentile,
}
Array = npt.NDArray[np.float64]


def in_order(rows: DataFrame) -> Array:
    """Give the second column in the order of the first."""
    table = rows.toArrow()
    result: Array = table.column(1).to_numpy()[np.argsort(table.column(0).to_numpy())]
    return result


@dataclass
class Data:
    """Frames on disk, and how each way finds them."""

    spark: SparkSession
    kind: str
    table: DataFrame
    places: list[Range]
    dtype: str
    want: Callable[[Work], Array]

    @property
    def count(self) -> int:
        """Number of frames."""
        return self.places[-1][2]

    @property
    def block(self) -> int:
        """Frames of a block of the size that map_frames takes."""
        return max(1, frame_functions.BLOCK_BYTES // self.frame_bytes)

    @property
    def frame_bytes(self) -> int:
        """Bytes of a frame."""
        return frames.PIXELS * np.dtype(self.dtype).itemsize

    def mapped(self, work: Work, by: spark_arrays.By) -> Array:
        """Work by map_frames."""
        rows = spark_arrays.map_frames(
            self.table,
            lambda block, index: {"frame_index": index, "value": work(block)},
            SCHEMA,
            by=by,
        )
        return in_order(rows)

    def by_hand(self, work: Work, block: int) -> Array:
        """Work in tasks of an RDD that open files."""
        do = partial(frame_functions.by_hand, self.kind, SHAPE, block, work)
        context = self.spark.sparkContext
        return np.concatenate(context.parallelize(self.places, FILES).map(do).collect())

    def in_arrow(self, work: Work) -> Array:
        """Work in mapInArrow over ranges of files."""
        places = self.spark.sparkContext.parallelize(self.places, FILES)
        tasks = places.toDF("file string, start long, stop long")
        do = frame_functions.in_arrow(self.kind, SHAPE, self.block, work)
        return in_order(tasks.mapInArrow(do, SCHEMA))

    def source(self, work: Work) -> Array:
        """Work in an Arrow UDF over a Python Data Source."""
        text = "\n".join("\t".join(map(str, place)) for place in self.places)
        rows = (
            self.spark.read.format("python_frames")
            .options(kind=self.kind, height=SHAPE[0], width=SHAPE[1], block=self.block)
            .option("places", text)
            .load()
        )
        do = frame_functions.of_bytes(self.dtype, SHAPE, work)
        value = arrow_udf(do, DoubleType())  # type: ignore[call-overload]
        return in_order(rows.select("frame_index", value("frame")))

    def ways(self, work: Work) -> dict[str, Job]:
        """Give all ways, ours first."""
        return {
            "`map_frames`, by reference": partial(self.mapped, work, "reference"),
            "`map_frames`, by value": partial(self.mapped, work, "value"),
            "RDD by hand, a file at once": partial(self.by_hand, work, self.count),
            "RDD by hand, in blocks": partial(self.by_hand, work, self.block),
            "`mapInArrow` by hand": partial(self.in_arrow, work),
            "Python Data Source, `arrow_udf`": partial(self.source, work),
        }


def bounds(count: int) -> list[int]:
    """Cut frames into as many files as there are."""
    return np.linspace(0, count, FILES + 1).astype(int).tolist()


def raw(spark: SparkSession, out: Path, count: int) -> Data:
    """Write raw frames as LiberTEM's ClusterDataSet."""
    path, cuts = out / "set", bounds(count)
    (path / "parts").mkdir(parents=True)
    pattern, places = frames.pattern(), []
    for number in range(FILES):
        file = path / "parts" / f"partition-{number:08d}"
        with file.open("wb") as stream:
            for i in range(cuts[number], cuts[number + 1]):
                stream.write(pattern + np.float32(i % frames.SHIFTS))
        places.append((str(file), cuts[number], cuts[number + 1]))
    structure = {
        "version": 1,
        "slices": [[start, stop] for _, start, stop in places],
        "shape": [count, *SHAPE],
        "sig_dims": 2,
        "dtype": "float32",
    }
    (path / "structure.json").write_text(json.dumps(structure))
    frames.evict_and_read([Path(file) for file, _, _ in places])

    def want(work: Work) -> Array:
        shifts = np.arange(frames.SHIFTS, dtype=np.float32)
        each = work(pattern[None] + shifts[:, None, None])
        return np.resize(each, count)

    table = spark.read.format("clusterdata").load(str(path))
    return Data(spark, "raw", table, places, "float32", want)


def compressed(spark: SparkSession, out: Path, count: int) -> Data:
    """Write detector-like frames to a compressed HDF5 file."""
    path = out / "frames.h5"
    distinct = np.random.default_rng(1).poisson(3, (64, *SHAPE)).astype(np.uint16)
    with h5py.File(path, "w") as file:
        data = file.create_dataset(
            "data", (count, *SHAPE), "u2", chunks=(1, *SHAPE), compression="gzip", shuffle=True
        )
        for first in range(0, count, len(distinct)):
            stop = min(count, first + len(distinct))
            data[first:stop] = distinct[: stop - first]
    frames.evict_and_read([path])
    cuts = bounds(count)
    places = [(str(path), start, stop) for start, stop in itertools.pairwise(cuts)]
    table = spark.read.format("hdf5").load(str(path))
    return Data(
        spark, "hdf5", table, places, "uint16", lambda work: np.resize(work(distinct), count)
    )


def ratios(times: dict[str, list[float]]) -> str:
    """Say what the aims are about."""
    best = {name: min(seconds) for name, seconds in times.items()}
    by_hand = min(seconds for name, seconds in best.items() if "by hand" in name)
    source = best["Python Data Source, `arrow_udf`"]
    return (
        f"By reference ÷ the best by hand: {by_hand / best['`map_frames`, by reference']:.2f}. "
        f"By value ÷ Python Data Source: {source / best['`map_frames`, by value']:.2f}.\n"
    )


def run(spark: SparkSession, out: Path, mib: int, only: list[str], runs: int) -> list[str]:
    """Run the jobs that are wanted."""
    texts = []
    count = (mib << 20) // frames.FRAME_BYTES
    data: Data | None = None
    for do in only:
        if do == "percentile":
            data = compressed(spark, out, count // 2)
        elif data is None:
            data = raw(spark, out, count)
        with ExitStack() as stack:
            ways = data.ways(WORK[do])
            if do == "sum" and peers.LIBERTEM.exists():
                peer = stack.enter_context(peers.LiberTem("dask", out))
                ways["LiberTEM 0.14.2, dask"] = peer.reducing("sums", out / "set")
            # LiberTEM sums float32 in float32, the others in float64.
            times = alternate(runs, ways, data.want(WORK[do]), 1e-4)
        title = f"{do}, {data.kind}, {data.count} frames of {data.dtype}"
        texts += [report(title, float(data.count * data.frame_bytes), times), ratios(times)]
    return texts


def main() -> None:
    """Run the jobs and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=peers.ROOT / "build/bench-python")
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default=",".join(WORK), help="of " + ", ".join(WORK))
    options = parser.parse_args()
    only = [do for do in WORK if do in options.only.split(",")]
    if set(options.only.split(",")) - set(WORK):
        parser.error(f"--only {options.only}: there are {', '.join(WORK)}")
    if not set(MALLOC) <= set(os.environ):
        # The driver's own arrays too.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **MALLOC})
    out = options.out.resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    settings: dict[str, Any] = {
        "spark.driver.memory": "6g",
        "spark.ui.showConsoleProgress": "false",
    }
    spark = spark_arrays.session("bench", master=f"local[{CORES}]", conf=settings)
    spark.sparkContext.setLogLevel("ERROR")
    for module in (frame_functions, frames):
        spark.sparkContext.addPyFile(str(module.__file__))
    spark.dataSource.register(frame_functions.FrameSource)
    print(f"{options.mib} MiB, {options.runs} runs after a warm-up")
    texts = run(spark, out, options.mib, only, options.runs)
    print("\n" + "\n".join(texts))
    spark.stop()
    shutil.rmtree(out)


if __name__ == "__main__":
    main()
