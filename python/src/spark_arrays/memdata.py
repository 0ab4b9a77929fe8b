"""HDF5-like containers whose arrays are spread over the cluster: caput's ``memdata`` on Spark.

A tree of groups, attributes and arrays. Arrays are common (numpy arrays of the driver) or
distributed (blocks along an axis, which tasks compute). Files are HDF5 or Zarr, and interchange
with caput's.

Mistakes come as :class:`SparkArraysError`; a place or an axis beyond an array as IndexError.

Examples
--------
>>> import numpy as np
>>> from spark_arrays.memdata import MemGroup
>>> root = MemGroup()
>>> vis = root.create_dataset("run/vis", data=np.arange(12.0).reshape(3, 4), distributed_axis=0)
>>> vis.attrs["unit"] = "K"
>>> vis.redistribute(1)
>>> vis[1, ::2]
array([4., 6.])
>>> list(root["run"])
['vis']
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from pyspark.sql import DataFrame, SparkSession

from spark_arrays._bridge import Bridge, Key
from spark_arrays.errors import SparkArraysError
from spark_arrays.reading import told

__all__ = ["Attributes", "MemDataset", "MemGroup"]

Array: TypeAlias = npt.NDArray[Any]


class Attributes(MutableMapping[str, Any]):
    """The attributes of a group or data set, as ``attrs`` gives them: a dict that the tree holds.

    Values are numbers, bool, texts, bytes, arrays, `None`, and lists and dicts of such.

    Examples
    --------
    >>> root = MemGroup()
    >>> root.attrs["unit"] = "K"
    >>> root.attrs.update(step=0.5, axes=["time", "freq"])
    >>> del root.attrs["unit"]
    >>> dict(root.attrs)
    {'step': 0.5, 'axes': ['time', 'freq']}
    """

    def __init__(self, bridge: Bridge, java: Any) -> None:
        self._bridge = bridge
        self._java = java

    def __getitem__(self, name: str) -> Any:
        """Give a value."""
        if not self._java.containsKey(name):
            raise KeyError(name)
        return self._bridge.to_python(self._java.get(name))

    def __setitem__(self, name: str, value: Any) -> None:
        """Set a value; `None`, lists and dicts are values too."""
        self._java.put(name, self._bridge.value(value))

    def __delitem__(self, name: str) -> None:
        """Remove a value."""
        if not self._java.containsKey(name):
            raise KeyError(name)
        self._java.remove(name)

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter([str(name) for name in self._java.keySet()])

    def __len__(self) -> int:
        """Count."""
        return int(self._java.size())


class MemDataset:
    """An array of a container, as ``group[path]`` and ``create_dataset`` give it.

    Brackets take what numpy's basic indexing takes, and one list of positions or of booleans; they
    give numpy arrays on the driver, or set elements of the whole array.

    Examples
    --------
    >>> root = MemGroup()
    >>> vis = root.create_dataset("run/vis", shape=(4, 3), dtype="int32", distributed_axis=0)
    >>> vis[1:3] = [1, 2, 3]
    >>> vis[2]
    array([1, 2, 3], dtype=int32)
    >>> np.asarray(vis).sum(axis=0)
    array([2, 4, 6])
    >>> vis.name, vis.shape, vis.dtype, len(vis), dict(vis.attrs)
    ('/run/vis', (4, 3), dtype('int32'), 4, {})
    >>> vis.distributed, vis.distributed_axis
    (True, 0)
    """

    def __init__(self, bridge: Bridge, java: Any) -> None:
        self._bridge = bridge
        self._java = java

    @property
    def name(self) -> str:
        """The absolute path."""
        return str(self._java.name())

    @property
    def attrs(self) -> Attributes:
        """The attributes."""
        return Attributes(self._bridge, self._java.attrs())

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents of the whole array, whatever its blocks."""
        return tuple(self._java.shape().dims())

    @property
    def dtype(self) -> np.dtype[Any]:
        """What an element is, in the byte order of the array."""
        return np.dtype(str(self._bridge.memdata.Dtypes.numpyName(self._java.type())))

    @property
    def distributed(self) -> bool:
        """Whether blocks are spread over the cluster."""
        return bool(self._java.distributed())

    @property
    def distributed_axis(self) -> int | None:
        """The axis along which they are; None of an array on the driver."""
        axis = self._java.axis()
        return int(axis.getAsInt()) if axis.isPresent() else None

    def __len__(self) -> int:
        """Count."""
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        """Go along the first axis; each step computes its blocks."""
        return (self[i] for i in range(len(self)))

    @told
    def __getitem__(self, key: Key) -> Any:
        """Take elements by their place in the whole array; only their blocks are computed."""
        taken = self._java.read(self._bridge.index(key, self.shape))
        array = self._bridge.to_numpy(taken)
        return array[()] if array.ndim == 0 else array

    @told
    def __setitem__(self, key: Key, value: npt.ArrayLike) -> None:
        """Set elements, converted and repeated as numpy does it."""
        given = self._bridge.to_java(np.asarray(value))
        self._java.write(given, self._bridge.index(key, self.shape))

    @told
    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Give all elements, here."""
        return np.asarray(self._bridge.to_numpy(self._java.gather()), dtype)

    @told
    def redistribute(self, axis: int) -> None:
        """Move the elements to blocks along another axis, in one shuffle.

        Parameters
        ----------
        axis
            the axis, from 0, or from the last one by -1

        Raises
        ------
        IndexError
            there is no such axis
        SparkArraysError
            ``NOT_DISTRIBUTED``: the array is on the driver

        Examples
        --------
        >>> vis = MemGroup().create_dataset("vis", data=np.eye(4), distributed_axis=0)
        >>> vis.redistribute(-1)
        >>> vis.distributed_axis
        1
        """
        self._spread().redistribute(axis)

    @told
    def blocks(self) -> DataFrame:
        """Give the blocks as a table.

        Returns
        -------
        DataFrame
            a row a block: ``block`` (its number), ``offset`` and ``shape`` (in elements, of each
            axis of the whole array), ``data`` (its elements' bytes in C order)

        Raises
        ------
        SparkArraysError
            ``NOT_DISTRIBUTED``: the array is on the driver

        Examples
        --------
        >>> vis = MemGroup().create_dataset("vis", data=np.ones((4, 3), "u1"), distributed_axis=0)
        >>> vis.blocks().where("block = 1").drop("data").collect()
        [Row(block=1, offset=[2, 0], shape=[2, 3])]
        """
        return DataFrame(self._spread().blocks(), self._bridge.spark)

    @told
    def to_dataframe(self, column: str = "frame") -> DataFrame:
        """Give a table with a row for each index along the first axis.

        Parameters
        ----------
        column
            the name of the column of arrays

        Returns
        -------
        DataFrame
            ``frame_index`` from 0, and the column: what lies at this index, flat in C order, with
            shape and dtype in the column's metadata as of any table of frames

        Raises
        ------
        SparkArraysError
            ``NOT_DISTRIBUTED``: the array is on the driver; ``DTYPE_UNSUPPORTED``: Spark has no
            type for its elements

        Examples
        --------
        >>> vis = MemGroup().create_dataset("vis", data=[[1, 2], [3, 4]], distributed_axis=1)
        >>> vis.to_dataframe("vis").where("frame_index = 1").collect()
        [Row(frame_index=1, vis=[3, 4])]
        """
        return DataFrame(self._spread().toDataFrame(column), self._bridge.spark)

    def _spread(self) -> Any:
        if not self.distributed:
            raise SparkArraysError(
                "NOT_DISTRIBUTED",
                self.name,
                "it is one array on the driver",
                "Spread it with dataset_common_to_distributed() of a group above it",
            )
        return self._java


class MemGroup:
    """A group of a container in memory; each call makes the root of a new tree.

    Parameters
    ----------
    spark
        the session whose cluster holds distributed arrays; the active one if it is left out

    Examples
    --------
    >>> root = MemGroup()
    >>> run = root.create_group("night/run")
    >>> root.create_dataset("night/run/time", data=[0.0, 0.5])[1]
    np.float64(0.5)
    >>> run.name, list(run), "night/run/time" in root, len(root)
    ('/night/run', ['time'], True, 1)
    >>> root.attrs["site"] = "DRAO"
    >>> del root["night/run"]
    >>> root["night/run"]
    Traceback (most recent call last):
    ...
    KeyError: 'night/run'
    """

    _bridge: Bridge
    _java: Any

    def __init__(self, spark: SparkSession | None = None) -> None:
        self._bridge = Bridge(spark or SparkSession.builder.getOrCreate())
        session = self._bridge.spark._jsparkSession
        self._java = self._bridge.distributed.SparkDistributor.group(session)

    @classmethod
    def _of(cls, bridge: Bridge, java: Any) -> MemGroup:
        group = cls.__new__(cls)
        group._bridge, group._java = bridge, java
        return group

    @classmethod
    @told
    def from_file(
        cls,
        path: str | os.PathLike[str],
        *,
        distributed: bool = True,
        axes: Mapping[str, int | None] | None = None,
        selections: Mapping[str, Key] | None = None,
        convert_dataset_strings: bool = False,
        spark: SparkSession | None = None,
    ) -> MemGroup:
        """Read a file of HDF5 or Zarr.

        Parameters
        ----------
        path
            the file; ``.zarr`` and ``.zarr.zip`` are Zarr
        distributed
            whether arrays are spread that the file's hints or ``axes`` say; each task reads its
            block
        axes
            by path, the axis along which an array is spread, whatever the file says; None for not
            at all
        selections
            by path, what is taken of an array, as between its brackets; without ``...``
        convert_dataset_strings
            whether texts of data sets become Unicode
        spark
            the session; the active one if it is left out

        Returns
        -------
        MemGroup
            the root of a new tree

        Raises
        ------
        SparkArraysError
            ``PATH_NOT_FOUND``; ``MEMDATA_MISSING``: the file has no array of a path in ``axes`` or
            ``selections``; ``OPTION_INVALID``: a selection has ``...``; and the reader's codes

        Examples
        --------
        >>> run = MemGroup.from_file(
        ...     "run.h5", axes={"entry/data": 1}, selections={"entry/data": (slice(1, 2), [0, 2])}
        ... )
        >>> data = run["entry/data"]
        >>> data.shape, data.distributed_axis, data[0, 1, 0]
        ((1, 2, 4, 4), 1, array([5, 5, 5, 5], dtype=uint16))
        """
        bridge = Bridge(spark or SparkSession.builder.getOrCreate())
        options = bridge.memdata.ReadOptions.DEFAULT.convertStrings(convert_dataset_strings, True)
        by = bridge.distributed.SparkDistributor.of(bridge.spark._jsparkSession)
        hint = getattr(bridge.memdata, "ReadOptions$Hint")
        hints = {name: hint(axis is not None, axis) for name, axis in (axes or {}).items()}
        parts = {name: bridge.index(key, None) for name, key in (selections or {}).items()}
        options = options.distributed(by).hints(bridge.map(hints)).useHints(distributed)
        options = options.selections(bridge.map(parts))
        return cls._of(bridge, bridge.memdata.MemGroup.fromFile(bridge.path(path), options))

    @told
    def to_file(
        self,
        path: str | os.PathLike[str],
        *,
        mode: str = "w",
        convert_dataset_strings: bool = False,
        break_stale: bool = False,
        patience: float = 0,
    ) -> None:
        """Write the whole tree; the file appears when it is whole.

        Parameters
        ----------
        path
            the file; ``.zarr`` and ``.zarr.zip`` are Zarr
        mode
            ``w`` replaces a file, ``w-`` refuses to, ``a`` adds to it
        convert_dataset_strings
            whether Unicode texts become bytes, as files hold them
        break_stale
            whether the lock that a dead writer left, and what it wrote, are removed
        patience
            how many seconds to wait for another writer

        Raises
        ------
        SparkArraysError
            ``MEMDATA_EXISTS`` (``w-``), ``FILE_LOCKED``, ``LOCK_STALE``, ``OPTION_INVALID``,
            ``HDF5_LIBRARY_MISSING``, and other codes of writers

        Examples
        --------
        >>> root = MemGroup()
        >>> root.create_dataset("x", data=np.arange(6), distributed_axis=0, chunks=(3,)).name
        '/x'
        >>> root.to_file("tree.zarr")
        >>> more = MemGroup()
        >>> more.attrs["site"] = "DRAO"
        >>> more.to_file("tree.zarr", mode="a")
        >>> again = MemGroup.from_file("tree.zarr")
        >>> again["x"][4:], again.attrs["site"]
        (array([4, 5]), 'DRAO')
        """
        lock = getattr(self._bridge.memdata, "LockFile$Options")
        wait = self._bridge.jvm.java.time.Duration.ofMillis(round(1000 * patience))
        options = self._bridge.memdata.WriteOptions.DEFAULT.mode(mode)
        options = options.convertStrings(convert_dataset_strings, True)
        options = options.lock(lock(False, break_stale, wait))
        self._java.toFile(self._bridge.path(path), options)

    @property
    def name(self) -> str:
        """The absolute path."""
        return str(self._java.name())

    @property
    def attrs(self) -> Attributes:
        """The attributes."""
        return Attributes(self._bridge, self._java.attrs())

    def _node(self, java: Any) -> MemGroup | MemDataset:
        known = self._bridge.memdata.MemData.isGroup(java)
        return MemGroup._of(self._bridge, java) if known else MemDataset(self._bridge, java)

    @told
    def __getitem__(self, path: str) -> MemGroup | MemDataset:
        """Give what is at a path."""
        found = self._java.find(path)
        if not found.isPresent():
            raise KeyError(path)
        return self._node(found.get())

    def __contains__(self, path: object) -> bool:
        """Tell whether something is at a path."""
        return isinstance(path, str) and bool(self._java.contains(path))

    @told
    def __delitem__(self, path: str) -> None:
        """Remove what is at a path."""
        if path not in self:
            raise KeyError(path)
        self._java.remove(path)

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter([str(name) for name in self._java.names()])

    def __len__(self) -> int:
        """Count."""
        return int(self._java.size())

    @told
    def create_group(self, path: str) -> MemGroup:
        """Make a group, with all above it.

        Parameters
        ----------
        path
            its path, as ``"night/run"``

        Returns
        -------
        MemGroup
            the group

        Raises
        ------
        SparkArraysError
            ``MEMDATA_EXISTS``: something is there; ``MEMDATA_KIND``: an array is above it

        Examples
        --------
        >>> MemGroup().create_group("night/run").name
        '/night/run'
        """
        return MemGroup._of(self._bridge, self._java.createGroup(path))

    @told
    def require_group(self, path: str) -> MemGroup:
        """Give a group, made if there is none.

        Parameters
        ----------
        path
            its path

        Returns
        -------
        MemGroup
            the group

        Raises
        ------
        SparkArraysError
            ``MEMDATA_KIND``: an array is there

        Examples
        --------
        >>> root = MemGroup()
        >>> root.require_group("run").attrs["n"] = 1
        >>> root.require_group("run").attrs["n"]
        1
        """
        return MemGroup._of(self._bridge, self._java.requireGroup(path))

    @told
    def create_dataset(
        self,
        path: str,
        *,
        shape: tuple[int, ...] | None = None,
        dtype: npt.DTypeLike | None = None,
        data: npt.ArrayLike | None = None,
        distributed_axis: int | None = None,
        chunks: tuple[int, ...] | None = None,
        gzip: int | None = None,
    ) -> MemDataset:
        """Make an array, in place of one that is there.

        Parameters
        ----------
        path
            its path; groups above it are made
        shape, dtype
            of zeros (``float64`` by default), if there are no data
        data
            the elements, converted to ``dtype`` if that is given
        distributed_axis
            spreads it over the cluster, in blocks along this axis
        chunks
            their shape in files, in elements
        gzip
            compression of chunks in files, 0 to 9

        Returns
        -------
        MemDataset
            the array

        Raises
        ------
        SparkArraysError
            ``OPTION_MISSING`` (neither shape nor data), ``DTYPE_UNSUPPORTED``, ``MEMDATA_EXISTS``:
            a group is there
        IndexError
            there is no such axis

        Examples
        --------
        >>> root = MemGroup()
        >>> zeros = root.create_dataset(
        ...     "x", shape=(4, 6), dtype="f4", distributed_axis=1, chunks=(4, 3), gzip=1
        ... )
        >>> zeros[3, 4:]
        array([0., 0.], dtype=float32)
        """
        bridge = self._bridge
        specs = bridge.memdata.DatasetSpec
        if data is not None:
            array = np.asarray(data, dtype)
            spec = specs.of(bridge.to_java(array))
        elif shape is not None:
            spec = specs.of(
                bridge.kind(np.float64 if dtype is None else dtype), bridge.shape(shape)
            )
        else:
            raise SparkArraysError(
                "OPTION_MISSING", path, "there are neither a shape nor data", "Give one of them"
            )
        if distributed_axis is not None:
            spec = spec.distributed(distributed_axis)
        if chunks is not None:
            spec = spec.chunks(bridge.shape(chunks))
        if gzip is not None:
            spec = spec.compression(bridge.memdata.Compression.gzip(gzip))
        return MemDataset(bridge, self._java.createDataset(path, spec))

    @told
    def from_dataframe(
        self, path: str, table: DataFrame, column: str, *, shape: tuple[int, ...], dtype: Any
    ) -> MemDataset:
        """Make a distributed array of a frame table.

        Parameters
        ----------
        path
            its path
        table
            has ``frame_index`` from 0, each once
        column
            the frames: numbers, or arrays of them in C order
        shape
            of the whole array: frames, then the extents of a frame
        dtype
            of its elements

        Returns
        -------
        MemDataset
            the array, spread along its first axis

        Raises
        ------
        SparkArraysError
            ``DTYPE_UNSUPPORTED``; when elements are read or written also ``FRAMES_MISSING``,
            ``FRAME_DOUBLED``, ``FRAME_OUT_OF_RANGE``, ``FRAME_LENGTH``, ``VALUE_OUT_OF_RANGE``

        Examples
        --------
        >>> df = spark.read.format("clusterdata").load(f"{folder}/scan")
        >>> frames = MemGroup().from_dataframe("x", df, "frame", shape=(64, 16, 16), dtype="u2")
        >>> frames[10:12, 0, 0], frames.distributed_axis
        (array([10, 11], dtype=uint16), 0)
        """
        bridge = self._bridge
        by = self._java.distributor().get()
        made = by.fromDataFrame(table._jdf, column, bridge.kind(dtype), bridge.shape(shape))
        return MemDataset(
            bridge, self._java.createDataset(path, bridge.memdata.DatasetSpec.of(made))
        )

    @told
    def dataset_common_to_distributed(self, path: str, axis: int = 0) -> MemDataset:
        """Spread an array over the cluster.

        Parameters
        ----------
        path
            its path
        axis
            the axis along which its blocks lie

        Returns
        -------
        MemDataset
            what is at the path now

        Raises
        ------
        SparkArraysError
            ``MEMDATA_MISSING``, ``MEMDATA_KIND``
        IndexError
            there is no such axis

        Examples
        --------
        >>> root = MemGroup()
        >>> root.create_dataset("x", data=np.eye(3)).distributed
        False
        >>> root.dataset_common_to_distributed("x", axis=1).distributed_axis
        1
        """
        return MemDataset(self._bridge, self._java.datasetCommonToDistributed(path, axis))

    @told
    def dataset_distributed_to_common(self, path: str) -> MemDataset:
        """Bring an array to the driver.

        Parameters
        ----------
        path
            its path

        Returns
        -------
        MemDataset
            what is at the path now; it must fit the driver's memory, and be of at most 2 GiB

        Raises
        ------
        SparkArraysError
            ``MEMDATA_MISSING``, ``MEMDATA_KIND``

        Examples
        --------
        >>> root = MemGroup()
        >>> root.create_dataset("x", data=np.eye(3), distributed_axis=0).distributed
        True
        >>> root.dataset_distributed_to_common("x").distributed
        False
        """
        return MemDataset(self._bridge, self._java.datasetDistributedToCommon(path))
