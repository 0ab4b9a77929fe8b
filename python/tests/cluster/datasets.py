"""What the scenarios write, and how they look at what lies on the hosts, without the connector."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from .harness import Cluster, Host

FORMAT = "clusterdata"
_PARTITION = re.compile(r"partition-(\d{8})")


@dataclass(frozen=True)
class Source:
    """An array whose every element is known from its place and a seed."""

    scan: tuple[int, ...] = (6, 8)
    frame: tuple[int, ...] = (16, 12)
    seed: int = 0

    @property
    def frames(self) -> int:
        return int(np.prod(self.scan))

    @property
    def pixels(self) -> int:
        return int(np.prod(self.frame))

    def array(self) -> NDArray[np.float32]:
        """Give all frames, each flat: shape (frames, pixels)."""
        index = np.arange(self.frames)[:, None]
        values = (index * 7919 + np.arange(self.pixels) * 31 + self.seed * 1009) % 65521
        return values.astype(np.float32)

    def bytes_of(self, first: int, last: int) -> bytes:
        """Give the frames `first` to `last` (excluded) as a partition file holds them."""
        return self.array()[first:last].astype("<f4").tobytes()

    def rows(self, spark: SparkSession, first: int = 0, last: int | None = None) -> DataFrame:
        """Give the frames `first` to `last` (excluded) as rows, made on all hosts, backwards."""
        last = self.frames if last is None else last
        pixel = f"cast((id * 7919L + k * 31L + {self.seed * 1009}L) % 65521L as float)"
        return spark.range(last - 1, first - 1, -1, 6).select(
            f.col("id").alias("frame_index"),
            f.expr(f"transform(sequence(0, {self.pixels - 1}), k -> {pixel})").alias("frame"),
        )

    def options(self, partitions: int) -> dict[str, str]:
        """Give the options that create a data set of this array."""
        return {
            "scanShape": ",".join(map(str, self.scan)),
            "frameShape": ",".join(map(str, self.frame)),
            "dtype": "float32",
            "partitions": str(partitions),
        }

    def write(self, spark: SparkSession, path: Path, partitions: int, mode: str) -> None:
        """Write the whole array through the connector."""
        save(self.rows(spark), path, mode, **self.options(partitions))


def save(rows: DataFrame, path: Path, mode: str, **options: str) -> None:
    """Write rows through the connector."""
    rows.write.format(FORMAT).options(**options).mode(mode).save(str(path))


def load(spark: SparkSession, path: Path, **options: str) -> DataFrame:
    """Read through the connector."""
    return spark.read.format(FORMAT).options(**options).load(str(path))


def frames_of(rows: DataFrame) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Collect rows: their indexes in order, and the frames, flat, in the same order."""
    table = rows.select("frame_index", "frame").toArrow().sort_by("frame_index")
    frames = table.column("frame").to_pylist()
    return table.column("frame_index").to_numpy(), np.array(frames, np.float32)


@dataclass(frozen=True)
class Copy:
    """A published partition file on one host."""

    host: Host
    index: int
    file: Path

    def state(self) -> tuple[int, int, int]:
        """Give what changes if the file is replaced or touched."""
        stat = self.file.stat()
        return stat.st_ino, stat.st_mtime_ns, stat.st_size


class OnDisk:
    """A data set as it lies on the hosts. Each call looks anew."""

    def __init__(self, cluster: Cluster, path: Path) -> None:
        self.cluster = cluster
        self.path = path

    def copies(self) -> list[Copy]:
        """List the published partitions of all hosts; hidden files are not among them.

        Fails on a file that is no partition, by its name.
        """
        found = []
        for host in self.cluster.hosts:
            parts = host.at(self.path) / "parts"
            for file in sorted(parts.iterdir()) if parts.is_dir() else []:
                if not file.name.startswith("."):
                    name = _PARTITION.fullmatch(file.name)
                    assert name is not None, f"no name of a partition: {file}"
                    found.append(Copy(host, int(name[1]), file))
        return found

    def placed(self) -> dict[int, list[Copy]]:
        """Group the published partitions by their index."""
        found: dict[int, list[Copy]] = {}
        for copy in self.copies():
            found.setdefault(copy.index, []).append(copy)
        return found

    def sidecars(self) -> dict[str, dict[str, Any]]:
        """Read the sidecars, by host."""
        files = {h.name: h.at(self.path) / "structure.json" for h in self.cluster.hosts}
        return {name: json.loads(file.read_text()) for name, file in files.items() if file.exists()}

    def hidden(self) -> list[Path]:
        """List hidden files and folders beside and inside the data set, on all hosts and here."""
        roots = [*(host.at(self.path.parent) for host in self.cluster.hosts), self.path.parent]
        return [p for root in roots for p in root.rglob("*") if p.name.startswith(".")]

    def check_consistent(self, *sources: Source) -> set[int]:
        """Check that what is published is whole, right and one; give the partitions there are.

        Sidecars are equal and stand wherever a partition is, and all partitions together are of
        the one of `sources` whose shape and values they have.
        """
        sidecars = self.sidecars()
        copies = self.copies()
        if not sidecars:
            assert copies == []
            return set()
        sidecar = next(iter(sidecars.values()))
        assert all(other == sidecar for other in sidecars.values()), sidecars
        assert {copy.host.name for copy in copies} <= sidecars.keys()
        slices = [tuple(bounds) for bounds in sidecar["slices"]]
        assert slices[0][0] == 0
        assert all(one[1] == other[0] for one, other in pairwise(slices)), slices
        wrong = {source: _wrong(source, slices, sidecar, copies) for source in sources}
        assert not all(wrong.values()), wrong
        return {copy.index for copy in copies}

    def check_published(self, source: Source, partitions: int) -> None:
        """Check that exactly this array is published, each partition on one host."""
        assert self.check_consistent(source) == set(range(partitions))
        doubled = {i: copies for i, copies in self.placed().items() if len(copies) != 1}
        assert not doubled, f"partitions on more than one host: {doubled}"

    def check_whole(self, source: Source, partitions: int) -> None:
        """Check that exactly this array is published, and that nothing is left beside it."""
        self.check_published(source, partitions)
        hidden = self.hidden()
        assert hidden == [], hidden


def _wrong(
    source: Source,
    slices: list[tuple[int, ...]],
    sidecar: dict[str, Any],
    copies: list[Copy],
) -> list[str]:
    """Tell what of the published data is not this array."""
    shape = [*source.scan, *source.frame]
    if sidecar["shape"] != shape or sidecar["dtype"] != "float32":
        return [f"the sidecar is of {sidecar['dtype']} {sidecar['shape']}, not float32 {shape}"]
    wrong = []
    for copy in copies:
        start, end = slices[copy.index]
        if copy.file.read_bytes() != source.bytes_of(start, end):
            wrong.append(f"{copy.file} does not hold frames {start}:{end} of seed {source.seed}")
    return wrong


def refused(code: str) -> pytest.RaisesExc[Exception]:
    """Expect an error of the connector, by its stable name."""
    return pytest.RaisesExc(Exception, match=rf"\b{code}\b")
