"""Where the connector's jar is."""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path

from spark_arrays.errors import SparkArraysError

JAR_VARIABLE = "SPARK_ARRAYS_JAR"
"""Environment variable that names another jar than the bundled one."""

BUNDLED_JAR = Path(__file__).resolve().parent / "jars" / "spark-arrays.jar"


HDF5_PACKAGE = "spark_arrays_hdf5"
"""Package of the extra `write`: the HDF5 library's jars."""


def find_jar(jar: str | os.PathLike[str] | None = None) -> Path:
    """Give the absolute path of the connector's jar.

    Parameters
    ----------
    jar
        the jar to use; else ``$SPARK_ARRAYS_JAR``; else the one inside this package

    Raises
    ------
    SparkArraysError
        ``JAR_MISSING``: there is no such file; ``JAR_PATH``: Spark can't take such a path

    Examples
    --------
    >>> find_jar("/nowhere/x.jar")
    Traceback (most recent call last):
    ...
    spark_arrays.errors.SparkArraysError: [JAR_MISSING] /nowhere/x.jar: ...
    """
    chosen = os.fspath(jar) if jar is not None else os.environ.get(JAR_VARIABLE)
    path = Path(chosen).expanduser().resolve() if chosen else BUNDLED_JAR
    if not path.is_file():
        raise SparkArraysError(
            "JAR_MISSING",
            path,
            f"the connector's jar named by {'`jar`' if jar is not None else '$' + JAR_VARIABLE} "
            "is not there"
            if chosen
            else "this installation of spark-arrays holds no jar",
            "In a source tree run `make jar` (then `pip install ./python`), "
            f"or set {JAR_VARIABLE} to the path of spark-arrays.jar",
        )
    if "," in str(path):
        raise SparkArraysError(
            "JAR_PATH",
            path,
            "the path holds a comma, which separates jars in Spark's settings",
            "Copy the jar to another folder",
        )
    return path


def find_hdf5_jars() -> list[Path]:
    """Give the HDF5 library's jars, if the extra `write` is installed.

    Examples
    --------
    >>> [jar for jar in find_hdf5_jars() if jar.suffix != ".jar"]
    []
    """
    if importlib.util.find_spec(HDF5_PACKAGE) is None:
        return []
    return list(importlib.import_module(HDF5_PACKAGE).jars())
