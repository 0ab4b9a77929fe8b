"""Holding an executor at a step of writing a file, from outside: see `holds.c`."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from .processes import wait_until

OPERATIONS = ("open", "write", "rename", "renamed", "delete")

_numbers = itertools.count()


def build_library(folder: Path) -> Path | None:
    """Compile `holds.c` for this machine; None if it has no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library = folder / "holds.so"
    source = Path(__file__).with_name("holds.c")
    command = [compiler, "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return library


@dataclass(frozen=True)
class Reached:
    """Who waits, and at what: the process id and the paths of the call."""

    pid: int
    path: str
    to: str


class Hold:
    """While entered, a matching call on the host waits; on exit whoever waits goes on.

    `operation`: `open`, `rename` and `delete` wait before the call, `renamed` after it, `write`
    after half of its bytes. `path` and `to` are globs of absolute paths as the host sees them.
    """

    def __init__(self, folder: Path, operation: str, path: str, to: str = "*") -> None:
        if operation not in OPERATIONS:
            raise ValueError(f"{operation!r} is none of {OPERATIONS}")
        self._folder = folder
        self._name = f"{operation}-{next(_numbers)}"
        self._lines = f"{operation}\n{path}\n{to}\n"

    def __repr__(self) -> str:
        """Tell what is waited for."""
        return " ".join(self._lines.split())

    @property
    def _file(self) -> Path:
        return self._folder / f"{self._name}.hold"

    def __enter__(self) -> Hold:
        """Arm it."""
        self._folder.mkdir(exist_ok=True)
        partial = self._file.with_suffix(".tmp")
        partial.write_text(self._lines)
        partial.rename(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go."""
        self.release()

    def release(self) -> None:
        """Let go of who waits, and hold nobody from now on."""
        self._file.unlink(missing_ok=True)

    def reached(self) -> Reached | None:
        """Who waits here, or None."""
        try:
            pid, path, to = self._file.with_suffix(".reached").read_text().split("\n")[:3]
        except FileNotFoundError:
            return None
        return Reached(int(pid), path, to)

    def wait(self, work: Future[Any], seconds: float = 60) -> Reached:
        """Wait until someone waits here; raises what `work` raised, if it ended instead."""
        return wait_for_any([self], work, seconds)


def wait_for_any(holds: Sequence[Hold], work: Future[Any], seconds: float = 60) -> Reached:
    """Wait until someone waits at one of the holds, as a step of `work`."""

    def reached() -> Reached | None:
        found = next(filter(None, (hold.reached() for hold in holds)), None)
        if found is None and work.done():
            raise AssertionError(f"the work never came to {holds}") from work.exception()
        return found

    found = wait_until(reached, f"someone to reach {holds}", seconds)
    assert found is not None
    return found
