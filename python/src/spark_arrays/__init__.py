"""Scientific arrays as Apache Spark tables.

Examples
--------
>>> import spark_arrays
>>> spark = spark_arrays.session("my scan", master="local[4]")  # doctest: +SKIP
>>> frames = spark.read.format("clusterdata").load("/data/scan")  # doctest: +SKIP
"""

from spark_arrays._cache import cache
from spark_arrays._session import ConfValue, configure, session
from spark_arrays.arrays import frames, from_numpy, to_numpy
from spark_arrays.errors import SparkArraysError
from spark_arrays.live import Follower, Newest, follow
from spark_arrays.mapping import By, map_frames, reduce_frames
from spark_arrays.progress import Done, progress
from spark_arrays.reading import load
from spark_arrays.types import frame_dtype, frame_field, frame_shape, spark_type

__all__ = [
    "By",
    "ConfValue",
    "Done",
    "Follower",
    "Newest",
    "SparkArraysError",
    "cache",
    "configure",
    "follow",
    "frame_dtype",
    "frame_field",
    "frame_shape",
    "frames",
    "from_numpy",
    "load",
    "map_frames",
    "progress",
    "reduce_frames",
    "session",
    "spark_type",
    "to_numpy",
]
