"""An application that was submitted to the cluster: a driver that a test may kill."""

from __future__ import annotations

import os
from pathlib import Path
from subprocess import Popen

from .processes import kill, wait_until


class Driver:
    """A submitted application, in a process group of its own.

    `output` is what it printed so far, to both of its streams.
    """

    def __init__(self, process: Popen[bytes], log: Path) -> None:
        self._process = process
        self.log = log

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def finished(self) -> bool:
        return self._process.poll() is not None

    def wait(self, seconds: float = 120) -> int:
        """Its exit code; raises TimeoutError after the deadline."""
        wait_until(self.finished, f"the driver to end: {self.log}", seconds)
        return self._process.returncode

    def kill(self) -> None:
        """`kill -9` the driver's JVM and the Python process that it runs."""
        group = self._process.pid
        members = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()]
        kill(pid for pid in members if _group(pid) == group)
        self._process.wait()


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None
