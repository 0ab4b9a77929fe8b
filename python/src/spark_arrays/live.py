"""Scans followed while they are written, in the words of swmr_tools."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming.query import StreamingQuery

from spark_arrays._session import session
from spark_arrays.arrays import frames
from spark_arrays.errors import SparkArraysError
from spark_arrays.reading import OptionValue, Path, absolute, option_texts, reader_error

__all__ = ["BatchFunction", "Follower", "Newest", "follow"]

BatchFunction = Callable[[DataFrame, int], Any]
"""Takes the rows of a batch and the batch's number."""


@dataclass(frozen=True)
class Newest:
    """The frame of the highest index so far.

    Parameters
    ----------
    frame_index
        its position in the scan
    arrays
        what each column of arrays has there, by the columns' names

    Examples
    --------
    >>> Newest(7, {"data": np.zeros((2, 3), "uint16")}).arrays["data"].shape
    (2, 3)
    """

    frame_index: int
    arrays: dict[str, npt.NDArray[Any]]


@dataclass
class Follower:
    """A scan that is being followed; :func:`follow` makes it.

    Parameters
    ----------
    rows
        the frames as a stream, for queries of one's own
    query
        the query that feeds ``fn``, or nothing if there is no ``fn``

    Examples
    --------
    >>> def count(batch, number):
    ...     counts.append(batch.count())
    >>> counts = []
    >>> end = "/entry/finished"
    >>> live = follow("run.h5", "/entry/keys", "/entry/data", finished_dataset=end, fn=count)
    >>> if live.wait_for_frames(6, timeout=60):
    ...     print(live.frames, live.newest.frame_index, counts)
    6 5 [6]
    >>> live.wait(60)
    True
    >>> live.stop()

    In a notebook ``watch`` shows one picture that changes; elsewhere it prints what it would show.

    >>> live.watch("data")
    Figure(640x480)
    """

    rows: DataFrame
    query: StreamingQuery | None = None
    _newest: Newest | None = None
    _count: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def newest(self) -> Newest | None:
        """The newest frame that ``fn`` was given; nothing before the first batch."""
        return self._newest

    @property
    def frames(self) -> int:
        """How many frames ``fn`` was given."""
        return self._count

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the scan's end; tell whether it came.

        Parameters
        ----------
        timeout
            seconds to wait, whole ones and at least one; without it there is no limit

        Returns
        -------
        bool
            whether the scan has ended

        Raises
        ------
        SparkArraysError
            ``ARGUMENT_INVALID``: there is no ``fn``, so nothing is waited for
        pyspark.errors.StreamingQueryException
            if ``fn`` or the reader failed
        """
        query = self._running()
        if timeout is None:
            query.awaitTermination()
            return True
        return bool(query.awaitTermination(max(1, round(timeout))))

    def wait_for_frames(self, count: int, timeout: float = 60.0) -> bool:
        """Wait until ``fn`` was given so many frames; tell whether it was.

        Parameters
        ----------
        count
            frames since the query began
        timeout
            seconds to wait

        Returns
        -------
        bool
            whether so many came in time
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._count >= count, timeout)

    def stop(self) -> None:
        """End the query now.

        Raises
        ------
        SparkArraysError
            ``ARGUMENT_INVALID``: there is no ``fn``
        """
        self._running().stop()

    def watch(self, column: str | None = None, *, seconds: float = 1.0) -> None:
        """Show the newest frame in a notebook until the scan ends.

        Parameters
        ----------
        column
            the column to show; the first of pictures if none is named
        seconds
            between two pictures

        Raises
        ------
        SparkArraysError
            ``ARGUMENT_INVALID``: there is no ``fn``; ``COLUMN_MISSING``: the column is no picture
        """
        import matplotlib.pyplot as plt
        from IPython.display import display

        handle = None
        while True:
            ended = self.wait(seconds)
            newest = self._newest
            if newest is not None:
                figure = picture(newest, column)
                if handle is None:
                    handle = display(figure, display_id=True)  # type: ignore[no-untyped-call]
                else:
                    handle.update(figure)
                plt.close(figure)
            if ended:
                return

    def _running(self) -> StreamingQuery:
        if self.query is None:
            raise SparkArraysError(
                "ARGUMENT_INVALID", "follow", "no query runs: there is no `fn`", "Give follow(fn=…)"
            )
        return self.query

    def _take(self, batch: DataFrame, fn: BatchFunction, number: int) -> None:
        batch.persist()
        try:
            fn(batch, number)
            count = batch.count()
            if count:
                newest = _newest(batch)
                with self._changed:
                    self._newest, self._count = newest, self._count + count
                    self._changed.notify_all()
        finally:
            batch.unpersist()


def follow(
    path: Path,
    keys: str | Sequence[str] = "auto",
    datasets: str | Sequence[str] | None = None,
    *,
    timeout: float = 10.0,
    finished_dataset: str | None = None,
    fn: BatchFunction | None = None,
    spark: SparkSession | None = None,
    checkpoint: Path | None = None,
    **options: OptionValue,
) -> Follower:
    """Follow an HDF5 file that is being written (SWMR), each frame once.

    Parameters
    ----------
    path
        the file, or a glob that also takes files that come later
    keys
        data sets that are other than zero where a frame is written; ``"auto"`` finds those of usual
        names, ``"stored"`` takes frames once their chunks are stored
    datasets
        the data sets to read: ``["/entry/data/data as frame", "/entry/uid"]``; without them the
        only one in the file
    timeout
        seconds to wait for the file, and for the next frame before the scan counts as ended
    finished_dataset
        data set that the writer sets to other than zero at the end; the scan ends there, too
    fn
        called on the driver as ``fn(batch, number)`` with the rows of the frames that came;
        without it, make a query of ``rows``
    spark
        the session; else the active one, else a new :func:`spark_arrays.session`
    checkpoint
        folder that remembers what was given, for a later call to go on from; else a temporary one
    options
        any other of ``docs/options.md``: ``gaps="skip"``, ``max_frames_per_trigger=100``

    Returns
    -------
    Follower
        with ``rows``, and with ``fn`` also ``newest``, ``frames``, ``wait()``, ``watch()``

    Raises
    ------
    SparkArraysError
        ``PATH_NOT_FOUND`` if the file does not come in time, and the reader's other codes

    Examples
    --------
    >>> def show(batch, number):
    ...     print(batch.agg({"frame_index": "max"}).collect())
    >>> live = follow("run.h5", "/entry/keys", "/entry/data", timeout=1, fn=show)
    >>> live.wait(60)
    [Row(max(frame_index)=5)]
    True
    >>> live.newest.arrays["data"][0]
    array([5, 5, 5, 5], dtype=uint16)

    Without ``fn`` the rows are a stream for a query of one's own:

    >>> rows = follow("run.h5", "/entry/keys", "/entry/data", max_frames_per_trigger=2).rows
    >>> rows.isStreaming
    True
    """
    spark = spark or SparkSession.getActiveSession() or session()
    chosen: dict[str, OptionValue] = {
        "keys": keys,
        "timeout": f"{round(timeout * 1000)}ms",
        "end_on": "timeout" if finished_dataset is None else "finished",
    }
    if datasets is not None:
        chosen["datasets"] = datasets
    if finished_dataset is not None:
        chosen["finished_dataset"] = finished_dataset
    try:
        reader = spark.readStream.format("hdf5").options(**option_texts({**chosen, **options}))
        rows = reader.load(absolute(path))
    except (Py4JJavaError, PySparkException) as error:
        raise reader_error(error) from error
    follower = Follower(rows)
    if fn is not None:
        call = fn
        # The folder stays: the query may be read for its progress, and Spark removes none of these.
        place = absolute(checkpoint) if checkpoint else tempfile.mkdtemp(prefix="spark-arrays-")
        follower.query = (
            rows.writeStream.foreachBatch(lambda batch, i: follower._take(batch, call, i))
            .option("checkpointLocation", place)
            .trigger(availableNow=True)
            .start()
        )
    return follower


def _newest(batch: DataFrame) -> Newest:
    """Take the frame of the highest index out of a batch."""
    columns = [f.name for f in batch.schema.fields if {"shape", "dtype"} <= set(f.metadata)]
    last = batch.orderBy("frame_index", ascending=False).limit(1)
    table = last.select("frame_index", *columns).toArrow()
    fields = batch.schema
    arrays = {
        name: frames(
            table, name, shape=fields[name].metadata["shape"], dtype=fields[name].metadata["dtype"]
        )[0]
        for name in columns
        if np.dtype(fields[name].metadata["dtype"]).kind in "biufc"
    }
    return Newest(table["frame_index"][0].as_py(), arrays)


def picture(newest: Newest, column: str | None = None) -> Any:
    """Draw a frame as a Matplotlib figure."""
    import matplotlib.pyplot as plt

    wide = [name for name, array in newest.arrays.items() if array.ndim >= 2]
    name = column or next(iter(wide), None)
    if name is None or name not in newest.arrays:
        raise SparkArraysError(
            "COLUMN_MISSING",
            f"column `{column}`",
            "there is no such column of pictures",
            f"Its columns are {', '.join(newest.arrays)}",
        )
    array = newest.arrays[name]
    flat = np.abs(array) if np.iscomplexobj(array) else array
    flat = flat.reshape(-1, *flat.shape[-2:])[0] if flat.ndim > 2 else np.atleast_2d(flat)
    figure, axes = plt.subplots()
    axes.imshow(flat)
    axes.set_title(f"{name}, frame {newest.frame_index}")
    return figure
