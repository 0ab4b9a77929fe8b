"""HDF5 files read as tables of frames, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession


def read(spark: SparkSession, *paths: Any, **options: Any) -> DataFrame:
    """Read with options."""
    reader = spark.read.format("hdf5")
    for name, value in options.items():
        reader = reader.option(name, value)
    texts = [str(path) for path in paths]
    return reader.load(texts[0] if len(texts) == 1 else texts)


def frames(df: DataFrame, column: str, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Give the values of a column in order of file and index."""
    rows = sorted(df.select("_file", "frame_index", column).collect())
    return np.array([row[2] for row in rows]).reshape(shape)


def refused(action: Any) -> str:
    """Give the message of a refusal."""
    with pytest.raises((PySparkException, Py4JJavaError)) as refusal:
        action()
    return str(refusal.value)
