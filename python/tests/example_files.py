"""The files that examples in docstrings read, as the package's own docstring describes them."""

from __future__ import annotations

import math
from pathlib import Path

import h5py
import numpy as np

from frame_checks import Array, write_partitions

SCAN, RUN = "scan", "run.h5"


def counts(scan: tuple[int, ...], frame: tuple[int, ...]) -> Array:
    """Give a scan each of whose frames has its index in each pixel."""
    index = np.arange(math.prod(scan)).astype("uint16")
    return np.repeat(index, math.prod(frame)).reshape(*scan, *frame)


def write(folder: Path) -> None:
    """Write them."""
    write_partitions(folder / SCAN, counts((8, 8), (16, 16)), [0, 32, 64], scan_rank=2)
    with h5py.File(folder / RUN, "w", libver="latest") as file:
        file["entry/data"] = counts((2, 3), (4, 4))
        file["entry/keys"] = np.ones((2, 3), "int32")
        file["entry/finished"] = np.ones(1, "int32")
