"""Scientific arrays as Apache Spark tables.

Examples of this package run in a folder with two data sets, in which each pixel of frame `i` has
`i` counts: ``scan`` is a ``clusterdata`` data set of 8 × 8 points, its frames of 16 × 16 pixels of
``uint16``; ``run.h5`` is an HDF5 file of 2 × 3 points with frames of 4 × 4 pixels in
``/entry/data``, and is finished: ``/entry/keys`` and ``/entry/finished`` are ones. ``spark`` is the
session, ``folder`` the folder, ``np`` NumPy.

Examples
--------
>>> import spark_arrays
>>> spark = spark_arrays.session("my scan", master="local[4]")
>>> df = spark.read.format("clusterdata").load(f"{folder}/scan")
>>> df.columns
['frame_index', 'scan_0', 'scan_1', 'frame']
>>> df.where("scan_0 = 3").count()
8
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
