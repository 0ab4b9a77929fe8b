"""Data sets as tables, whatever their format."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from spark_arrays._session import session
from spark_arrays.errors import SparkArraysError

__all__ = ["OptionValue", "load"]

Path: TypeAlias = str | os.PathLike[str]

P = ParamSpec("P")
T = TypeVar("T")

OptionValue: TypeAlias = str | int | float | bool | Sequence[str | int | float]
"""What an option may be given as; of several values a list."""


def load(
    path: Path | Sequence[Path],
    *,
    format: str | None = None,  # noqa: A002 - as Spark calls it
    spark: SparkSession | None = None,
    **options: OptionValue,
) -> DataFrame:
    """Read a data set, whatever its format.

    Parameters
    ----------
    path
        a file, a folder or a glob, or several; a relative one is of the working directory
    format
        ``"hdf5"``, ``"clusterdata"``, …; without it what is at the path is looked at
    spark
        the session; else the active one, else a new :func:`session`
    options
        any of ``docs/options.md``, also as Python writes them: ``scan_rank=2`` is ``scanRank``,
        ``datasets=["/entry/data", "/entry/uid"]`` is ``"/entry/data,/entry/uid"``

    Returns
    -------
    DataFrame
        a row a frame

    Raises
    ------
    SparkArraysError
        with the reader's own code: ``PATH_NOT_FOUND``, ``NOT_A_DATA_SET``, ``DATASET_UNCLEAR``, …

    Examples
    --------
    >>> frames = load("run.h5", dataset="/entry/data", scan_rank=2)
    >>> frames.where("scan_0 = 1").select("frame_index", "scan_1").collect()
    [Row(frame_index=3, scan_1=0), Row(frame_index=4, scan_1=1), Row(frame_index=5, scan_1=2)]
    >>> load("nothing.h5")
    Traceback (most recent call last):
    ...
    spark_arrays.errors.SparkArraysError: [PATH_NOT_FOUND] ...
    """
    spark = spark or SparkSession.getActiveSession() or session()
    texts = option_texts(options)
    paths = [absolute(one) for one in ([path] if isinstance(path, (str, os.PathLike)) else path)]
    try:
        name = format or _detect(spark, paths, texts)
        return spark.read.format(name).options(**texts).load(paths if len(paths) > 1 else paths[0])
    except (Py4JJavaError, PySparkException) as error:
        raise reader_error(error) from error


def absolute(path: Path) -> str:
    """Give a path as executors need it; URIs stay."""
    text = os.fspath(path)
    return text if "://" in text else str(pathlib.Path(text).expanduser().absolute())


def option_texts(options: Mapping[str, OptionValue]) -> dict[str, str]:
    """Give options by their names and in their spelling.

    Examples
    --------
    >>> option_texts({"scan_rank": 2, "datasets": ["/a", "/b"], "strict": True})
    {'scanRank': '2', 'datasets': '/a,/b', 'strict': 'true'}
    """
    return {_camel_case(name): _text(value) for name, value in options.items()}


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _text(value: OptionValue) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    return ",".join(str(part) for part in value)


def _detect(spark: SparkSession, paths: list[str], options: Mapping[str, str]) -> str:
    jvm: Any = spark._jvm
    where = {"path": paths[0]} if len(paths) == 1 else {"paths": json.dumps(paths)}
    return str(
        jvm.io.sparkarrays.spark.catalog.FormatDetection.name(
            spark._jsparkSession, {**options, **where}
        )
    )


def told(function: Callable[P, T]) -> Callable[P, T]:
    """Raise the mistakes that the connector finds as this package's, and IndexError as Python."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except (Py4JJavaError, PySparkException) as error:
            java = getattr(error, "java_exception", None)
            if java is not None and java.getClass().getSimpleName() == "IndexOutOfBoundsException":
                raise IndexError(str(java.getMessage())) from error
            raise reader_error(error) from error

    return call


def reader_error(error: Exception) -> Exception:
    """Give a reader's mistake as this package's; any other as it came."""
    java = getattr(error, "java_exception", None) or getattr(error, "_origin", None)
    while java is not None:
        if java.getClass().getSimpleName() == "ArrayException":
            return SparkArraysError.of(str(java.code().name()), str(java.getMessage()))
        java = java.getCause()
    return error
