"""Copies of slow tables of frames on the disks of the cluster."""

from __future__ import annotations

import os

from pyspark.sql import DataFrame

from spark_arrays._session import ConfValue
from spark_arrays.reading import told

__all__ = ["cache"]


@told
def cache(frames: DataFrame, path: str | os.PathLike[str], **options: ConfValue) -> DataFrame:
    """Copy a table of frames into node-local raw partitions, and give the table of the copy.

    For sources that are slow to read: compressed HDF5, virtual data sets over many files. Only the
    partitions are written that no host has yet, so a second call costs nothing, and one that was
    interrupted goes on where it was. That the source is still what was copied is not checked:
    delete the copy if it has changed.

    Parameters
    ----------
    frames
        a table with ``frame_index``, the columns of the scan's dimensions if it has several, and
        one column of frames
    path
        where the copy is: an absolute path, the same on every host
    options
        options of the write, such as ``partitions`` or ``scanShape``

    Returns
    -------
    DataFrame
        the same columns, read from the copy

    Raises
    ------
    SparkArraysError
        ``STRUCTURE_DIFFERS``: a copy of another structure is there; and other codes of writers

    Examples
    --------
    >>> from spark_arrays import load
    >>> slow = load("run.h5", datasets="/entry/data as frame", scan_rank=2)
    >>> fast = cache(slow, folder / "copy", partitions=2)
    >>> fast.columns == slow.columns, fast.count()
    (True, 6)
    >>> sorted(path.name for path in (folder / "copy").iterdir())
    ['parts', 'structure.json']
    """
    spark = frames.sparkSession
    jvm = spark.sparkContext._jvm
    assert jvm is not None
    texts = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in options.items()
    }
    copy = jvm.io.sparkarrays.spark.clusterdata.ClusterDataSets.cache(
        frames._jdf, os.fspath(path), texts
    )
    return DataFrame(copy, spark)
