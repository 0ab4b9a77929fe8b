"""Scans that h5py writes while they are read: by a process of its own, or point by point."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py

import live_writer

WRITER = Path(live_writer.__file__)
DATA = "/entry/data/data"
KEY = "/entry/keys/key_1"
MADE = "/entry/timing/created_ns"
FINISHED = "/entry/finished"

MODES: dict[str, list[object]] = {
    "fixed": ["--fps", 300],
    "fixed, gzip": ["--compression", "gzip", "--libver", "v110"],
    "fixed, bitshuffle": ["--compression", "bslz4", "--fps", 300],
    "fixed, bitshuffle, v110": ["--compression", "bslz4", "--libver", "v110"],
    "growing": ["--grow", "--libver", "v110", "--fps", 300],
    "growing, gzip": ["--grow", "--compression", "gzip"],
    "growing, bitshuffle": ["--grow", "--compression", "bslz4", "--fps", 300],
    "two keys, the second later": ["--keys", 2, "--lag", 7],
    "growing, two keys": ["--keys", 2, "--lag", 3, "--grow", "--key-ones", 2],
    "gaps": ["--gaps", 8, "--fps", 300],
    "grid": ["--scan", "6,10", "--key-ones", 2, "--fps", 300],
    "growing grid": ["--scan", "6,10", "--grow", "--compression", "bslz4"],
    "a key a chunk, vectors": ["--key-chunk", 1, "--frame", "30", "--key-type", "u1"],
    "scalars, real keys": ["--frame", "", "--key-type", ">f4"],
    "keys in any order": ["--gaps", 8, "--gaps-on", "all", "--keys", 2, "--fps", 300],
    "keys in blocks": ["--key-flush-every", 7, "--keys", 2, "--lag", 4],
    "nothing says that it is finished": ["--no-finished", "--scan", "6,10"],
    "stored chunks, real pixels": ["--direct", "--compression", "bslz4", "--dtype", ">f4"],
}
"""Options of the writer: whatever it can do, as long as data is flushed before keys."""

EARLY: dict[str, list[object]] = {
    "keys before data": ["--data-flush-every", 15, "--fps", 200],
    "growing, keys before data": ["--data-flush-every", 15, "--fps", 200, "--grow"],
}
"""Options with which it is not."""


@contextmanager
def writing(path: Path, *arguments: object, until: str = "ready") -> Iterator[Any]:
    """Have a process write a scan."""
    command = [sys.executable, str(WRITER), str(path), *map(str, arguments)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == until:
                break
        yield process
    finally:
        process.kill()
        process.wait()


def master(path: Path, sources: list[Path], count: int) -> None:
    """Write virtual data sets in which sources of the writer take turns."""
    with h5py.File(path, "w", libver="latest") as file:
        for name, shape, dtype in ((DATA, (4, 4), "u2"), (KEY, (), "i8")):
            layout = h5py.VirtualLayout((count * len(sources), *shape), dtype)
            for turn, source in enumerate(sources):
                layout[turn :: len(sources)] = h5py.VirtualSource(
                    source.name, name, (count, *shape), dtype
                )
            file.create_virtual_dataset(name, layout, fillvalue=0)


def write(path: Path, **datasets: Any) -> Path:
    """Write data sets that are complete, and close the file."""
    with h5py.File(path, "w") as file:
        for name, content in datasets.items():
            file.create_dataset(name, data=content, maxshape=content.shape)
    return path


class Scan:
    """A scan that a test writes itself, point by point."""

    def __init__(self, path: Path, points: int = 12, inner: tuple[int, ...] = ()) -> None:
        """Create all objects and let readers in."""
        self.path = path
        self.file = h5py.File(path, "w", libver="latest")
        shape = (points, *inner)
        ones = (1,) * len(shape)
        self.data = self.file.create_dataset(DATA, (*shape, 4, 4), "u2", chunks=(*ones, 4, 4))
        self.keys = self.file.create_dataset(KEY, shape, "i4", chunks=ones)
        self.finished = self.file.create_dataset(FINISHED, (1,), "i4", chunks=(1,))
        self.file.swmr_mode = True

    def put(self, *indexes: int) -> None:
        """Write frames, then their keys."""
        for index in indexes:
            self.data[index] = live_writer.frame(index, (4, 4))
        self.data.flush()
        for index in indexes:
            self.keys[index] = index + 1
        self.keys.flush()

    def finish(self) -> None:
        """Say that it is all."""
        self.finished[0] = 1
        self.finished.flush()
