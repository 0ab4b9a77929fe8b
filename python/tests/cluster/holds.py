"""Holding an executor at a step of writing a file, from outside: see `holds.c`."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from .processes import wait_until

OPERATIONS = ("open", "write", "rename", "renamed")

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

    `operation`: `open` and `rename` wait before the call, `renamed` after it, `write` after half
    of its bytes. `path` and `to` are globs of absolute paths as the host sees them.
    """

    def __init__(self, folder: Path, operation: str, path: str, to: str = "*") -> None:
        if operation not in OPERATIONS:
            raise ValueError(f"{operation!r} is none of {OPERATIONS}")
        self._folder = folder
        self._name = f"{operation}-{next(_numbers)}"
        self._lines = f"{operation}\n{path}\n{to}\n"

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

    def wait(self, seconds: float = 60) -> Reached:
        """Wait until someone waits here."""
        wait_until(self.reached, f"a process to reach {self._lines.split()}", seconds)
        reached = self.reached()
        assert reached is not None
        return reached
