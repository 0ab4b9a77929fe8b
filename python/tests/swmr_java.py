"""The package `io.sparkarrays.swmr` in the session's JVM, and what it gives as numpy has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from pyspark.sql import SparkSession

from live_scans import DATA, FINISHED, MADE


class Swmr:
    """The package `io.sparkarrays.swmr` in the session's JVM."""

    def __init__(self, spark: SparkSession) -> None:
        """Look the package up."""
        jvm: Any = spark.sparkContext._jvm
        self.jvm = jvm
        self.gateway: Any = spark.sparkContext._gateway
        self.java: Any = jvm.io.sparkarrays.swmr
        self.files: list[Any] = []

    def open(self, path: Path, wait: float = 0.0, datasets: tuple[str, ...] = ()) -> Any:
        """Open a file."""
        file = self.java.LiveFiles.open(self.path(path), list(datasets), self.millis(wait))
        self.files.append(file)
        return file

    def path(self, path: Path) -> Any:
        """Give a Java path."""
        return self.jvm.java.io.File(str(path)).toPath()

    def millis(self, seconds: float) -> Any:
        """Give a Java duration."""
        return self.jvm.java.time.Duration.ofMillis(round(1000 * seconds))

    def options(self, timeout: float, finished: Any = None, gaps: Any = None) -> Any:
        """Give options to follow with."""
        options = self.java.FollowOptions.DEFAULTS.withTimeout(self.millis(timeout))
        options = options if finished is None else options.withFinished(finished)
        return options if gaps is None else options.withGaps(gaps)

    def keys(self, datasets: list[Any], timeout: float = 0.05, **options: Any) -> Any:
        """Follow keys only."""
        return self.java.KeyFollower(datasets, self.options(timeout, **options))

    def longs(self, *values: int) -> Any:
        """Give a Java array."""
        array = self.gateway.new_array(self.jvm.long, len(values))
        for i, value in enumerate(values):
            array[i] = value
        return array


def values(frame: Any) -> Any:
    """Give a Java frame as numpy has it."""
    dtype = frame.dtype().get().toString()
    return np.array(list(frame.toLongs()), dtype).reshape(list(frame.shape().dims()))


def drain(iterator: Any) -> list[Any]:
    """Take all that comes."""
    found = []
    while iterator.hasNext():
        found.append(iterator.next())
    return found


def follow(
    swmr: Swmr,
    path: Path,
    timeout: float,
    keys: int = 1,
    gaps: Any = None,
    *,
    finished: bool = True,
) -> Any:
    """Follow a scan of the writer."""
    file = swmr.open(path, 10.0, (DATA, MADE))
    key_sets = [file.dataset(f"/entry/keys/key_{k + 1}") for k in range(keys)]
    options = swmr.options(timeout, file.dataset(FINISHED) if finished else None, gaps)
    data = {name: file.dataset(name) for name in (DATA, MADE)}
    return swmr.java.DataSource(key_sets, data, options)
