"""The three ways to write rank by rank, as the tests that kill writers use them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from spark_arrays.stores import GenericIOStore, NumpyStore, Partition

RANKS = 4


@dataclass(frozen=True)
class Kind:
    """How the numbers from a first one on are put into a folder, a number a rank, and read.

    `files` are there when all is well; `get` gives None if there is nothing.
    """

    put: Callable[[SparkSession, Path, int], None]
    get: Callable[[SparkSession, Path], DataFrame | None]
    files: int

    def numbers(self, spark: SparkSession, folder: Path) -> range | None:
        """Read what is there, which must be whole."""
        table = self.get(spark, folder)
        if table is None:
            return None
        found = sorted(int(row.x) for row in table.collect())
        assert found == list(range(found[0], found[0] + RANKS))
        return range(found[0], found[0] + RANKS)


def _rows(spark: SparkSession, first: int) -> DataFrame:
    return spark.range(first, first + RANKS, 1, RANKS).selectExpr("id AS x")


def _save(spark: SparkSession, folder: Path, first: int) -> None:
    writer = _rows(spark, first).write.format("genericio")
    writer.mode("overwrite").save(f"{folder}/set.gio")


def _load(spark: SparkSession, folder: Path) -> DataFrame | None:
    file = folder / "set.gio"
    return spark.read.format("genericio").load(str(file)) if file.exists() else None


def _tables(spark: SparkSession, folder: Path) -> GenericIOStore:
    return GenericIOStore(Partition(RANKS), 1, f"{folder}/t", spark=spark)


def _put_table(spark: SparkSession, folder: Path, first: int) -> None:
    _tables(spark, folder)["k"] = _rows(spark, first)


def _get_table(spark: SparkSession, folder: Path) -> DataFrame | None:
    store = _tables(spark, folder)
    try:
        return store["k"]
    except KeyError:
        return None


def _arrays(spark: SparkSession, folder: Path) -> NumpyStore:
    return NumpyStore(Partition(RANKS), f"{folder}/t", spark=spark)


def _put_arrays(spark: SparkSession, folder: Path, first: int) -> None:
    entries = _rows(spark, first).selectExpr("'a' AS name", "array(x) AS values")
    _arrays(spark, folder)["k"] = entries


def _get_arrays(spark: SparkSession, folder: Path) -> DataFrame | None:
    store = _arrays(spark, folder)
    try:
        # Eight little-endian bytes.
        return store["k"].selectExpr("conv(hex(reverse(values)), 16, 10) AS x")
    except KeyError:
        return None


FORMAT = Kind(_save, _load, RANKS + 1)
TABLES = Kind(_put_table, _get_table, RANKS + 1)
ARRAYS = Kind(_put_arrays, _get_arrays, RANKS)


def names(folder: Path) -> list[str]:
    """List a folder, hidden files too."""
    return sorted(file.name for file in folder.iterdir())
