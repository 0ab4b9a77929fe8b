"""The HDF Group's library as jars, for `spark_arrays`."""

from __future__ import annotations

from pathlib import Path

__all__ = ["jars"]


def jars() -> list[Path]:
    """Give the paths of the jars; none in a source tree without `make hdf5-library`."""
    return sorted((Path(__file__).resolve().parent / "jars").glob("*.jar"))
