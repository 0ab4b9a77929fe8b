"""Tables of particles in GenericIO and npz files: the jobs that are timed, and their peers.

Every column is a whole number modulo a prime, so that each sum is known exactly.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import frames
import numpy as np
import numpy.typing as npt
from frames import Array
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from timing import Job, Timed

RANKS = 8
PRIME = 65521
FLOATS = {"x": 7, "y": 11, "z": 13, "vx": 17, "vy": 19, "vz": 23}
COLUMNS = [*FLOATS, "id", "cell"]
ROW_BYTES = 6 * 4 + 8 + 4


def column(name: str, first: int, last: int) -> npt.NDArray[Any]:
    """Give the rows from ``first`` to ``last`` (excluded) of a column, as they are stored."""
    index = np.arange(first, last)
    if name == "id":
        return index
    if name == "cell":
        return (index % PRIME).astype("i4")
    return (index * FLOATS[name] % PRIME).astype("f4")


def sums_of_npz(file: str) -> Array:
    """Sum each column of a file that ``numpy.load`` opens."""
    with np.load(file) as arrays:
        return np.array([arrays[name].sum(dtype="f8") for name in COLUMNS])


class Particles:
    """Jobs over one table of particles."""

    def __init__(self, spark: SparkSession, out: Path, size: int) -> None:
        self.spark, self.out = spark, out
        self.count = size // ROW_BYTES
        self.size = float(self.count * ROW_BYTES)
        self.set, self.npz = out / "particles.gio", out / "particles-npz"
        floats = [f"cast(id * {by} % {PRIME} as float) AS {name}" for name, by in FLOATS.items()]
        index = spark.range(0, self.count, 1, RANKS)
        self.rows = index.selectExpr(*floats, "id", f"cast(id % {PRIME} as int) AS cell")
        self.want = np.array([self._exact(name) for name in COLUMNS])

    def _exact(self, name: str) -> float:
        step = 1 << 22
        starts = range(0, self.count, step)
        parts = (column(name, at, min(at + step, self.count)) for at in starts)
        return sum(float(part.sum(dtype="f8")) for part in parts)

    def cache(self) -> None:
        """Keep the rows to write in memory."""
        self.rows.persist(StorageLevel.MEMORY_ONLY)
        self.rows.count()

    def _sums(self, table: DataFrame, *names: str) -> Array:
        found = table.selectExpr(*(f"cast(sum({name}) as double)" for name in names)).first()
        assert found is not None
        return np.array(found)

    def _writing(self, write: Callable[[], None], read: Callable[[], DataFrame]) -> Job:
        def job() -> Timed:
            begin = time.perf_counter()
            write()
            seconds = time.perf_counter() - begin
            return Timed(self._sums(read(), *COLUMNS), seconds)

        return job

    def table(self, **options: str) -> DataFrame:
        """Give the GenericIO files as a table."""
        return self.spark.read.format("genericio").options(**options).load(str(self.set))

    def write(self) -> None:
        """Write a split set, a part a task."""
        self.rows.write.format("genericio").mode("overwrite").save(str(self.set))

    def writing(self) -> dict[str, Job]:
        """Give the ways to write; what they wrote is read after the clock has stopped."""
        parquet = str(self.out / "particles.parquet")
        rows = self.rows.write.option("compression", "none").mode("overwrite")
        return {
            "genericio": self._writing(self.write, self.table),
            "Parquet, uncompressed": self._writing(
                lambda: rows.parquet(parquet), lambda: self.spark.read.parquet(parquet)
            ),
        }

    def parts(self) -> list[Path]:
        """Give the files that hold the rows."""
        return sorted(self.out.glob(f"{self.set.name}#*"))

    def reading(self, pool: ProcessPoolExecutor) -> dict[str, Job]:
        """Give the ways to read every byte."""

        def plain_pread() -> Array:
            assert sum(pool.map(frames.pread, self.parts())) >= self.size
            return self.want

        return {
            "genericio": lambda: self._sums(self.table(), *COLUMNS),
            "genericio, `verify = off`": lambda: self._sums(self.table(verify="off"), *COLUMNS),
            "plain pread, 2 processes": plain_pread,
        }

    def one(self) -> Array:
        """Sum one column; the others' sums are filled in, to be comparable."""
        return np.array([*self._sums(self.table(), "x"), *self.want[1:]])

    def save(self) -> list[Path]:
        """Have numpy write npz files, one a rank."""
        self.npz.mkdir()
        bounds = [self.count * rank // RANKS for rank in range(RANKS + 1)]
        for rank in range(RANKS):
            arrays = {name: column(name, *bounds[rank : rank + 2]) for name in COLUMNS}
            np.savez(self.npz / f"p.rank-{rank}.npz", **arrays)  # type: ignore[arg-type]
        return sorted(self.npz.iterdir())

    def loading(self, pool: ProcessPoolExecutor) -> dict[str, Job]:
        """Give the ways to read npz files."""

        def spark() -> Array:
            read = self.spark.read.format("npz").option("mode", "columns")
            return self._sums(read.load(str(self.npz)), *COLUMNS)

        files = [str(file) for file in sorted(self.npz.iterdir())]
        return {
            "npz": spark,
            "`numpy.load`, 2 processes": lambda: np.sum(list(pool.map(sums_of_npz, files)), axis=0),
            "`numpy.load`, one process": lambda: np.sum(
                [sums_of_npz(file) for file in files], axis=0
            ),
        }
