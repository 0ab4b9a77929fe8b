"""Spark jobs over HDF5 files: ours beside mapInArrow and a Python Data Source, both with h5py."""

from __future__ import annotations

import gc
import itertools
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import hdf5
import hdf5_peers
import hdf5plugin
import numpy as np
from hdf5_peers import Array
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.functions import arrow_udf
from pyspark.sql.types import DoubleType
from timing import Job, alternate, report, report_seconds

CORES = 2
TASKS = 8
SMALL_CHUNKS = 200_000
FILES = 10_000
GZIP: dict[str, Any] = {"compression": "gzip", "compression_opts": 4, "shuffle": True}


def in_order(rows: DataFrame) -> Array:
    """Give the second column in the order of the first."""
    table = rows.toArrow()
    result: Array = table.column(1).to_numpy()[np.argsort(table.column(0).to_numpy())]
    return result


class Hdf5Jobs:
    """Files of uint16 frames of 512 x 512, and the jobs over them."""

    def __init__(self, spark: SparkSession, out: Path, size: int) -> None:
        self.spark, self.out = spark, out / "hdf5"
        self.out.mkdir()
        self.count = max(8, size // hdf5.FRAME_BYTES // 8 * 8)
        self.size = float(self.count * hdf5.FRAME_BYTES)
        self.frames = hdf5.distinct_frames()
        each = self.frames.reshape(len(self.frames), -1).sum(axis=1, dtype=np.uint64)
        self.sums = np.resize(each, self.count).astype(np.float64)
        spark.sparkContext.addPyFile(hdf5_peers.__file__)
        spark.conf.set("spark.sql.python.filterPushdown.enabled", True)
        spark.dataSource.register(hdf5_peers.H5pySource)

    def plain(self, name: str, **options: Any) -> Path:
        """Write all frames to one file."""
        path = self.out / f"{name}.h5"
        hdf5.write_frames(path, self.frames, self.count, **options)
        return path

    def modules(self) -> Path:
        """Write four modules of a detector, and the data set that has them beside each other."""
        half = hdf5.SIDE // 2
        layout = h5py.VirtualLayout((self.count, hdf5.SIDE, hdf5.SIDE), "u2")
        for module in range(4):
            rows, columns = (np.s_[half * k : half * k + half] for k in divmod(module, 2))
            path = self.out / f"module-{module}.h5"
            self._write(path, self.frames[:, rows, columns], self.count)
            source = h5py.VirtualSource(path.name, hdf5.NAME, (self.count, half, half))
            layout[:, rows, columns] = source
        return self._master("modules", layout)

    def files(self) -> Path:
        """Write eight files that follow each other along the scan."""
        layout = h5py.VirtualLayout((self.count, hdf5.SIDE, hdf5.SIDE), "u2")
        each = self.count // 8
        for number in range(8):
            path = self.out / f"part-{number}.h5"
            order = np.arange(number * each, number * each + each) % len(self.frames)
            self._write(path, self.frames[order[: len(self.frames)]], each)
            source = h5py.VirtualSource(path.name, hdf5.NAME, (each, hdf5.SIDE, hdf5.SIDE))
            layout[number * each : (number + 1) * each] = source
        return self._master("files", layout)

    @staticmethod
    def _write(path: Path, frames: hdf5.Frames, count: int) -> None:
        with h5py.File(path, "w") as file:
            chunks = (1, *frames.shape[1:])
            shape = (count, *frames.shape[1:])
            data = file.create_dataset(hdf5.NAME, shape, "u2", chunks=chunks, **GZIP)
            data[: len(frames[:count])] = frames[:count]
            for k in range(len(frames), count):
                mask, stored = data.id.read_direct_chunk((k % len(frames), 0, 0))
                data.id.write_direct_chunk((k, 0, 0), stored, mask)

    def _master(self, name: str, layout: h5py.VirtualLayout) -> Path:
        path = self.out / f"{name}.h5"
        with h5py.File(path, "w", libver="latest") as file:
            file.create_virtual_dataset(hdf5.NAME, layout)
        return path

    def small(self) -> Path:
        """Write very many small chunks, without a filter."""
        path = self.out / "small.h5"
        values = np.arange(SMALL_CHUNKS * 64, dtype="u4").astype("u2").reshape(-1, 8, 8)
        with h5py.File(path, "w", libver="latest") as file:
            data = file.create_dataset(hdf5.NAME, values.shape, "u2", chunks=(1, 8, 8))
            for k, chunk in enumerate(values):
                data.id.write_direct_chunk((k, 0, 0), chunk.tobytes())
        return path

    def many(self) -> Path:
        """Write very many files of one frame each."""
        folder = self.out / "many"
        folder.mkdir()
        first = folder / "00000.h5"
        with h5py.File(first, "w", libver="latest") as file:
            file[hdf5.NAME] = np.ones((1, 4), "u2")
        for k in range(1, FILES):
            shutil.copyfile(first, folder / f"{k:05d}.h5")
        layout = h5py.VirtualLayout((FILES, 4), "u2")
        for k in range(FILES):
            layout[k : k + 1] = h5py.VirtualSource(f"many/{k:05d}.h5", hdf5.NAME, (1, 4))
        return self._master("sources", layout)

    def ours(self, path: Path | str, **options: str) -> DataFrame:
        """Give the file as our table."""
        reader = self.spark.read.format("hdf5").option("dataset", hdf5.NAME)
        return reader.options(**options).load(str(path))

    def source(self, path: Path, count: int) -> DataFrame:
        """Give the file as a table of the Python Data Source."""
        reader = self.spark.read.format("h5py_frames").option("count", count)
        return reader.option("tasks", TASKS).load(str(path))

    def sums_ours(self, path: Path) -> Array:
        """Sum each frame by our function."""
        return in_order(self.ours(path).selectExpr("frame_index", "arrays.frame_sum(data)"))

    def sums_map(self, path: Path, start: int, stop: int, cuts: int = TASKS) -> Array:
        """Sum each frame in Python workers that open the file."""
        bounds = np.linspace(start, stop, cuts + 1).astype(int).tolist()
        ranges = list(itertools.pairwise(bounds))
        tasks = self.spark.sparkContext.parallelize(ranges, cuts).toDF("start long, stop long")
        schema = "frame_index long, sum double"
        return in_order(tasks.mapInArrow(hdf5_peers.map_in_arrow(str(path)), schema))

    def sums_source(self, path: Path, count: int) -> Array:
        """Sum each frame of the Python Data Source by an Arrow UDF."""
        sum_of = arrow_udf(hdf5_peers.sums_of_uint16, DoubleType())  # type: ignore[call-overload]
        return in_order(self.source(path, count).select("frame_index", sum_of("frame")))


def summing(jobs: Hdf5Jobs, pool: ProcessPoolExecutor, title: str, path: Path, runs: int) -> str:
    """Sum each frame in every way."""
    cuts = [(jobs.count * k // CORES, jobs.count * (k + 1) // CORES) for k in range(CORES)]

    def by_hand() -> Array:
        parts = [pool.submit(hdf5_peers.sums, str(path), *cut) for cut in cuts]
        return np.concatenate([part.result() for part in parts])

    ways: dict[str, Job] = {
        "hdf5, `arrays.frame_sum(data)`": partial(jobs.sums_ours, path),
        "`mapInArrow` and h5py": partial(jobs.sums_map, path, 0, jobs.count),
        "Python Data Source and h5py": partial(jobs.sums_source, path, jobs.count),
        "h5py, 2 processes": by_hand,
    }
    return report(f"HDF5, per-frame sums, {title}", jobs.size, alternate(runs, ways, jobs.sums))


def asking(jobs: Hdf5Jobs, path: Path, runs: int) -> list[str]:
    """Ask for little of a file: its length, its first frames, a few in its midst."""
    peer = jobs.source(path, jobs.count)
    low = jobs.count // 2
    high = low + max(1, jobs.count // 100)

    def sum_of(rows: list[Any]) -> float:
        frames = [row.frame for row in rows]
        return float(sum(np.frombuffer(frame, "<u2").sum(dtype=np.uint64) for frame in frames))

    def first_ours() -> float:
        rows = jobs.ours(path, frames="binary").selectExpr("data AS frame")
        return sum_of(rows.limit(5).collect())

    def first_arrays() -> float:
        rows = jobs.ours(path).select("data").limit(5).toArrow().column(0).combine_chunks()
        return float(rows.flatten().to_numpy().sum())

    def slice_ours() -> Array:
        rows = jobs.ours(path).where(f"frame_index >= {low} AND frame_index < {high}")
        return in_order(rows.selectExpr("frame_index", "arrays.frame_sum(data)"))

    def slice_source() -> Array:
        udf = arrow_udf(hdf5_peers.sums_of_uint16, DoubleType())  # type: ignore[call-overload]
        rows = jobs.source(path, jobs.count).where(f"frame_index >= {low} AND frame_index < {high}")
        return in_order(rows.select("frame_index", udf("frame")))

    counts: dict[str, Job] = {
        "hdf5": lambda: float(jobs.ours(path).count()),
        "Python Data Source and h5py": lambda: float(peer.count()),
    }
    firsts: dict[str, Job] = {
        "hdf5, bytes": first_ours,
        "hdf5, arrays": first_arrays,
        "Python Data Source and h5py, bytes": lambda: sum_of(
            peer.select("frame").limit(5).collect()
        ),
        "h5py by hand": lambda: float(hdf5_peers.sums(str(path), 0, 5).sum()),
    }
    slices: dict[str, Job] = {
        "hdf5": slice_ours,
        "`mapInArrow` and h5py": lambda: jobs.sums_map(path, low, high, 1),
        "Python Data Source and h5py": slice_source,
        "h5py by hand": lambda: hdf5_peers.sums(str(path), low, high),
    }
    return [
        report_seconds("HDF5, `count(*)`", alternate(runs, counts, float(jobs.count))),
        report_seconds("HDF5, first five frames", alternate(runs, firsts, jobs.sums[:5].sum())),
        report_seconds("HDF5, 1 % of the frames", alternate(runs, slices, jobs.sums[low:high])),
    ]


def small_chunks(jobs: Hdf5Jobs, runs: int) -> str:
    """Sum each of very many small chunks."""
    path = jobs.small()
    with h5py.File(path) as file:
        want = file[hdf5.NAME][()].sum(axis=(1, 2), dtype=np.float64)
    ways: dict[str, Job] = {
        "hdf5": partial(jobs.sums_ours, path),
        "`mapInArrow` and h5py": partial(jobs.sums_map, path, 0, SMALL_CHUNKS),
        "Python Data Source and h5py": partial(jobs.sums_source, path, SMALL_CHUNKS),
        "h5py by hand": partial(hdf5_peers.sums, str(path), 0, SMALL_CHUNKS),
    }
    return report_seconds(f"HDF5, {SMALL_CHUNKS} chunks of 8 × 8", alternate(runs, ways, want))


def planning(jobs: Hdf5Jobs, runs: int) -> str:
    """Open and plan, without reading: a data set of very many sources, and very many files."""
    master = jobs.many()

    def plan(path: str) -> float:
        query = jobs.ours(path)._jdf.queryExecution()
        assert query.toRdd().getNumPartitions() > 0
        return 1.0

    def kept(path: str) -> float:
        """Give the MiB that a plan keeps in the JVM."""
        jvm: Any = jobs.spark.sparkContext._jvm
        memory = jvm.java.lang.management.ManagementFactory.getMemoryMXBean()

        def used() -> int:
            sizes = []
            for _ in range(5):  # what earlier plans held is let go bit by bit
                gc.collect()
                jvm.java.lang.System.gc()
                time.sleep(0.2)
                sizes.append(int(memory.getHeapMemoryUsage().getUsed()))
            return min(sizes)

        before = used()
        query = jobs.ours(path)._jdf.queryExecution()
        assert query.toRdd().getNumPartitions() > 0
        return (used() - before) / 2**20

    paths = {
        f"virtual data set of {FILES} sources": str(master),
        f"glob of {FILES} files": str(jobs.out / "many/*.h5"),
    }
    ways: dict[str, Job] = {name: partial(plan, path) for name, path in paths.items()}
    table = report_seconds("HDF5, planning", alternate(runs, ways, 1.0))
    lines = [f"- the plan of a {name} keeps {kept(path):.0f} MiB" for name, path in paths.items()]
    return "\n".join([table, *lines, ""])


def tables(jobs: Hdf5Jobs, runs: int) -> list[str]:
    """Run all of it."""
    shutil.rmtree(jobs.out)
    jobs.out.mkdir()
    results = []
    gzip = jobs.plain("gzip", **GZIP)
    with ProcessPoolExecutor(CORES) as pool:
        for title, path in (
            ("gzip and shuffle", gzip),
            ("bitshuffle and LZ4", jobs.plain("lz4", **hdf5plugin.Bitshuffle(cname="lz4"))),
            ("contiguous", jobs.plain("contiguous")),
            ("virtual, 4 modules beside each other", jobs.modules()),
            ("virtual, 8 files along the scan", jobs.files()),
        ):
            for file in jobs.out.iterdir():
                file.read_bytes()  # into the page cache
            results.append(summing(jobs, pool, title, path, runs))
    return [*results, *asking(jobs, gzip, runs), small_chunks(jobs, runs), planning(jobs, runs)]
