"""haccytrees' temporary stores over Spark tables: data by key, in memory or in files.

Rank i is partition i of a table. Files are those of ``haccytrees.utils.datastores``, so an MPI run
and a Spark job can pass them to each other.

Examples
--------
>>> from spark_arrays.stores import GenericIOStore, Partition
>>> store = GenericIOStore(Partition(), 1.0)
>>> store["pos_0"] = {name: np.arange(10) / 10 for name in "xyz"}
>>> store.get_field("pos_0", ["x", "y"]).where("x > 0.75").collect()
[Row(x=0.8, y=0.8), Row(x=0.9, y=0.9)]
>>> store.remove("pos_0")
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import (
    ArrayType,
    BinaryType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from spark_arrays.arrays import arrow_elements, frames
from spark_arrays.errors import SparkArraysError
from spark_arrays.reading import told
from spark_arrays.types import frame_field

__all__ = ["Arrays", "GenericIOStore", "Key", "NumpyStore", "Partition"]

Key: TypeAlias = str | int
"""A key; 499 and "499" are one."""

Arrays: TypeAlias = Mapping[str, npt.ArrayLike]
"""The arrays of one rank by name."""

_ENTRIES = StructType(
    [
        StructField("name", StringType(), False),
        StructField("dtype", StringType(), False),
        StructField("shape", ArrayType(LongType(), False), False),
        StructField("values", BinaryType(), False),
    ]
)


@dataclass(frozen=True)
class Partition:
    """How many ranks there are, and how they divide a volume.

    Parameters
    ----------
    ranks
        the number of partitions that every table has; None for any
    dims
        how many ranks along x, y and z, whose product is ``ranks``; by default all along x

    Examples
    --------
    >>> Partition(8, (2, 2, 2)).ranks
    8
    """

    ranks: int | None = None
    dims: tuple[int, int, int] | None = None

    def _java(self, spark: SparkSession) -> Any:
        if self.ranks is None:
            return None
        jvm: Any = spark._jvm
        x, y, z = self.dims or (self.ranks, 1, 1)
        coords = jvm.io.sparkarrays.genericio.Coords(x, y, z)
        return jvm.io.sparkarrays.spark.stores.Partition(self.ranks, coords)


class _Store:
    """What both stores do; a face of the Java class of the same name."""

    _spark: SparkSession
    _store: Any

    @told
    def _put(self, key: Key, table: DataFrame) -> None:
        self._store.put(str(key), table._jdf)

    def _table(self, java: Any) -> DataFrame:
        return DataFrame(java, self._spark)

    def _require(self, key: Key) -> str:
        if key not in self:
            raise KeyError(key)
        return str(key)

    @told
    def __getitem__(self, key: Key) -> DataFrame:
        """Give the table under a key, or raise KeyError."""
        return self._table(self._store.get(self._require(key)))

    @told
    def pop(self, key: Key) -> DataFrame:
        """Give the table under a key, which is removed.

        Parameters
        ----------
        key
            the key

        Returns
        -------
        DataFrame
            as ``store[key]``; partition i is rank i. Files, if the store has some, are gone once
            their rows are in Spark's memory

        Raises
        ------
        KeyError
            there is no such key

        Examples
        --------
        >>> store = GenericIOStore(Partition(), 1.0)
        >>> store["halos"] = {"mass": [1.5, 2.5]}
        >>> store.pop("halos").collect()
        [Row(mass=1.5), Row(mass=2.5)]
        >>> "halos" in store
        False
        """
        return self._table(self._store.pop(self._require(key)))

    @told
    def remove(self, key: Key) -> None:
        """Remove a key, its files too; ``del store[key]`` is the same.

        Parameters
        ----------
        key
            the key

        Raises
        ------
        KeyError
            there is no such key

        Examples
        --------
        >>> store = GenericIOStore(Partition(), 1.0)
        >>> store["halos"] = {"mass": [1.5, 2.5]}
        >>> store.remove("halos")
        >>> store.remove("halos")
        Traceback (most recent call last):
        ...
        KeyError: 'halos'
        """
        self._store.remove(self._require(key))

    __delitem__ = remove

    def __contains__(self, key: object) -> bool:
        """Tell whether there is a key."""
        return isinstance(key, (str, int)) and bool(self._store.contains(str(key)))

    def keys(self) -> list[str]:
        """Give all keys, sorted.

        Returns
        -------
        list of str
            those of this store's files, too, whoever wrote them

        Examples
        --------
        >>> store = NumpyStore(Partition())
        >>> store[499] = store["a"] = {"x": [1]}
        >>> store.keys()
        ['499', 'a']
        """
        found = self._store.keys()
        return [str(key) for key in found]

    def __iter__(self) -> Iterator[str]:
        """Go over all keys."""
        return iter(self.keys())

    def __len__(self) -> int:
        """Count the keys."""
        return len(self.keys())

    def close(self) -> None:
        """Let go of tables in memory; files stay. The end of ``with store:`` does it.

        Examples
        --------
        >>> with NumpyStore(Partition(), "kept") as store:
        ...     store["a"] = {"x": [1, 2]}
        >>> store = NumpyStore(Partition(), "kept")
        >>> store.arrays("a")
        [{'x': array([1, 2])}]
        >>> store.close()
        """
        self._store.close()

    def __enter__(self) -> Any:
        """Give the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


class GenericIOStore(_Store):
    """Tables of numbers by key, in memory or in GenericIO files ``<path>_<key>.tmp.gio``.

    Parameters
    ----------
    partition
        the ranks that all tables have
    box_size
        the physical size of the volume, which files tell, in the unit of the positions
    temporary_path
        what the names of files begin with; None holds tables in memory
    spark
        the session; by default the active one

    Examples
    --------
    >>> store = GenericIOStore(Partition(2), 64.0, "tmp")
    >>> store["halos"] = [{"mass": np.array([1.5, 2.5])}, {"mass": np.array([3.5])}]
    >>> store.arrays("halos")[1]
    {'mass': array([3.5])}
    >>> sorted(str(file) for file in Path().glob("tmp_*"))
    ['tmp_halos.tmp.gio', 'tmp_halos.tmp.gio#0', 'tmp_halos.tmp.gio#1']
    >>> del store["halos"]
    >>> sorted(Path().glob("tmp_*"))
    []
    """

    def __init__(
        self,
        partition: Partition,
        box_size: float,
        temporary_path: str | os.PathLike[str] | None = None,
        *,
        spark: SparkSession | None = None,
    ) -> None:
        self._spark = spark or _active()
        self.box_size = box_size
        jvm: Any = self._spark._jvm
        self._store = jvm.io.sparkarrays.spark.stores.GenericIOStore(
            self._spark._jsparkSession,
            partition._java(self._spark),
            float(box_size),
            _path(temporary_path),
        )

    def __setitem__(self, key: Key, data: DataFrame | Arrays | Sequence[Arrays]) -> None:
        """Put a table, one rank's arrays, or each rank's, in place of what is there.

        Raises
        ------
        SparkArraysError
            ``FRAME_LENGTH``, ``SHAPE_INVALID``, ``RANKS_DIFFER`` (their arrays are not alike)
        """
        self._put(key, data if isinstance(data, DataFrame) else self._columns(_ranks(data)))

    @told
    def get_field(self, key: Key, field: str | Sequence[str]) -> DataFrame:
        """Give some columns of a table; of files only they are read.

        Parameters
        ----------
        key
            the table's key
        field
            a column's name, or several

        Returns
        -------
        DataFrame
            these columns; partition i is rank i

        Raises
        ------
        KeyError
            there is no such key
        SparkArraysError
            ``COLUMN_UNKNOWN``: the table has no such column

        Examples
        --------
        >>> store = GenericIOStore(Partition(), 1.0)
        >>> store["halos"] = {"mass": [1.5, 2.5], "id": [7, 8]}
        >>> store.get_field("halos", "id").collect()
        [Row(id=7), Row(id=8)]
        """
        fields = [field] if isinstance(field, str) else list(field)
        gateway: Any = self._spark.sparkContext._gateway
        names = gateway.new_array(gateway.jvm.java.lang.String, len(fields))
        for place, name in enumerate(fields):
            names[place] = name
        return self._table(self._store.getField(self._require(key), names))

    def arrays(self, key: Key) -> list[dict[str, npt.NDArray[Any]]]:
        """Collect a table: of each rank its arrays by name.

        Parameters
        ----------
        key
            the table's key

        Returns
        -------
        list of dict
            rank by rank, of each column its name and an array of shape ``(rows of the rank,)`` in
            its dtype

        Raises
        ------
        KeyError
            there is no such key

        Examples
        --------
        >>> store = GenericIOStore(Partition(), 1.0)
        >>> store["halos"] = [{"id": np.array([7, 8], "u2")}, {"id": np.array([9], "u2")}]
        >>> store.arrays("halos")
        [{'id': array([7, 8], dtype=uint16)}, {'id': array([9], dtype=uint16)}]
        """
        table = self[key]
        count = table.rdd.getNumPartitions()
        found = table.select(F.spark_partition_id().alias("."), "*").toArrow()
        rank = found["."].to_numpy()
        columns = {
            name: frames(found, name, shape=_shape(table, name), dtype=_dtype(table, name))
            for name in table.columns
        }
        return [{name: values[rank == i] for name, values in columns.items()} for i in range(count)]

    def _columns(self, ranks: list[dict[str, npt.NDArray[Any]]]) -> DataFrame:
        layouts = [[(name, array.dtype) for name, array in rank.items()] for rank in ranks]
        if any(layout != layouts[0] for layout in layouts):
            raise SparkArraysError(
                "RANKS_DIFFER",
                "arrays of ranks",
                f"they have different names or dtypes: {layouts}",
                "Give each rank the same arrays; empty ones where there is nothing",
            )
        tables = []
        for rank in ranks:
            # A scalar is a row, which haccytrees' own example needs.
            rows = {name: np.atleast_1d(array) for name, array in rank.items()}
            _check_rows(rows)
            tables.append(pa.table({name: arrow_elements(a) for name, a in rows.items()}))
        schema = StructType([frame_field(name, dtype, ()) for name, dtype in layouts[0]])
        return _by_rank(self._spark, tables, schema)


class NumpyStore(_Store):
    """Named arrays by key, rank by rank: in memory, or in ``<path>_<key>.tmp.rank-<rank>.npz``.

    Parameters
    ----------
    partition
        the ranks that all keys have
    temporary_path
        what the names of files begin with; None holds arrays in memory
    spark
        the session; by default the active one

    Examples
    --------
    >>> store = NumpyStore(Partition())
    >>> store["step 499"] = {"index": np.arange(4), "edges": np.eye(2, dtype="f4")}
    >>> store.arrays("step 499")[0]["edges"].shape
    (2, 2)
    >>> list(store)
    ['step 499']
    """

    def __init__(
        self,
        partition: Partition,
        temporary_path: str | os.PathLike[str] | None = None,
        *,
        spark: SparkSession | None = None,
    ) -> None:
        self._spark = spark or _active()
        jvm: Any = self._spark._jvm
        self._store = jvm.io.sparkarrays.spark.stores.NumpyStore(
            self._spark._jsparkSession, partition._java(self._spark), _path(temporary_path)
        )

    def __setitem__(self, key: Key, data: DataFrame | Arrays | Sequence[Arrays]) -> None:
        """Put a table of arrays, one rank's arrays, or each rank's, in place of what is there."""
        if isinstance(data, DataFrame):
            self._put(key, data)
            return
        tables = [
            pa.table(
                {
                    "name": pa.array(list(rank), pa.string()),
                    "dtype": pa.array([a.dtype.str for a in rank.values()], pa.string()),
                    "shape": pa.array([a.shape for a in rank.values()], pa.list_(pa.int64())),
                    "values": pa.array([_little_endian(a) for a in rank.values()], pa.binary()),
                }
            )
            for rank in _ranks(data)
        ]
        self._put(key, _by_rank(self._spark, tables, _ENTRIES))

    def arrays(self, key: Key) -> list[dict[str, npt.NDArray[Any]]]:
        """Collect what is under a key: of each rank its arrays by name.

        Parameters
        ----------
        key
            the key

        Returns
        -------
        list of dict
            rank by rank, arrays in their own shapes and dtypes by name

        Raises
        ------
        KeyError
            there is no such key

        Examples
        --------
        >>> store = NumpyStore(Partition())
        >>> store["edges"] = [{"x": np.eye(2)}, {"y": np.float32(0.5)}]
        >>> store.arrays("edges")[1]
        {'y': array(0.5, dtype=float32)}
        """
        table = self[key]
        ranks: list[dict[str, npt.NDArray[Any]]] = [{} for _ in range(table.rdd.getNumPartitions())]
        rows = table.select(F.spark_partition_id(), "name", "dtype", "shape", "values")
        for rank, name, dtype, shape, values in rows.collect():
            stored = np.dtype(dtype)
            flat = np.frombuffer(values, stored.newbyteorder("<"))
            ranks[rank][name] = flat.astype(stored).reshape(shape)
        return ranks


def _active() -> SparkSession:
    spark = SparkSession.getActiveSession()
    if spark is None:
        raise SparkArraysError(
            "SESSION_MISSING",
            "SparkSession",
            "no session is active",
            "Make one with spark_arrays.session(), or give the store `spark`",
        )
    return spark


def _path(path: str | os.PathLike[str] | None) -> str | None:
    """See a relative path from this process's folder; a slash at its end is kept."""
    if path is None:
        return None
    text = os.fspath(path)
    return text if Path(text).is_absolute() else f"{Path.cwd()}/{text}"


def _ranks(data: Arrays | Sequence[Arrays]) -> list[dict[str, npt.NDArray[Any]]]:
    ranks = [data] if isinstance(data, Mapping) else list(data)
    return [{name: np.asarray(array) for name, array in rank.items()} for rank in ranks]


def _check_rows(rows: Mapping[str, npt.NDArray[Any]]) -> None:
    shapes = {name: array.shape for name, array in rows.items()}
    if any(len(shape) != 1 for shape in shapes.values()):
        raise SparkArraysError(
            "SHAPE_INVALID",
            "arrays",
            f"they are not all of one dimension: {shapes}",
            "Flatten them, or use a NumpyStore",
        )
    if len(set(shapes.values())) > 1:
        raise SparkArraysError(
            "FRAME_LENGTH",
            "arrays",
            f"they are not equally long: {shapes}",
            "Give arrays of one length, or use a NumpyStore",
        )


def _by_rank(spark: SparkSession, tables: Sequence[pa.Table], schema: StructType) -> DataFrame:
    """Make a table whose partition i has the rows of table i."""

    def rows(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for rank in batch["id"].to_pylist():
                yield from tables[rank].to_batches()

    return spark.range(0, len(tables), 1, len(tables)).mapInArrow(rows, schema)


def _little_endian(array: npt.NDArray[Any]) -> bytes:
    return array.astype(array.dtype.newbyteorder("<")).tobytes("C")


def _shape(table: DataFrame, column: str) -> tuple[int, ...]:
    return tuple(table.schema[column].metadata.get("shape", ()))


def _dtype(table: DataFrame, column: str) -> np.dtype[Any]:
    metadata = table.schema[column].metadata
    return np.dtype(metadata["dtype"]) if "dtype" in metadata else _spark_dtype(table, column)


def _spark_dtype(table: DataFrame, column: str) -> np.dtype[Any]:
    names = {"tinyint": "i1", "smallint": "i2", "int": "i4", "bigint": "i8"}
    kind = table.schema[column].dataType.simpleString()
    return np.dtype({**names, "float": "f4", "double": "f8", "boolean": "?"}[kind])
