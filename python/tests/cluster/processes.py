"""Small tools around processes and waiting, shared by the cluster harness and its tests."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

POLL_SECONDS = 0.05


def run(*argv: str | os.PathLike[str]) -> str:
    """Run a command to its end and return its standard output.

    Raises RuntimeError with the command and what it wrote to standard error.
    """
    done = subprocess.run([os.fspath(a) for a in argv], capture_output=True, text=True)
    if done.returncode != 0:
        command = " ".join(os.fspath(a) for a in argv)
        raise RuntimeError(f"{command}: exit {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def wait_until(condition: Callable[[], T], what: str, seconds: float = 60.0) -> T:
    """Poll until `condition` returns something true, and return that.

    Raises TimeoutError, naming `what` was awaited and the last value seen.
    """
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}; last seen: {value!r}")
        time.sleep(POLL_SECONDS)


def background(call: Callable[..., T], *args: Any) -> Future[T]:
    """Run a call in a thread of its own, which nobody has to wait for: it may hang."""
    future: Future[T] = Future()

    def work() -> None:
        try:
            future.set_result(call(*args))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return future


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and only waits to be reaped does not.

    Its first thread may have ended before the others, who have its files open and locked.
    """
    try:
        threads = [entry / "stat" for entry in Path(f"/proc/{pid}/task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return any(_runs(thread) for thread in threads)


def _runs(thread: Path) -> bool:
    try:
        stat = thread.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    # The command's name may hold spaces and brackets: the state follows the last bracket.
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")


def command_line(pid: int) -> str:
    """Give the command line of a process, words joined by spaces; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def kill(pids: Iterable[int], seconds: float = 20.0) -> None:
    """`kill -9` each process by its id and wait until all are gone."""
    doomed = list(pids)
    for pid in doomed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(alive(p) for p in doomed), f"processes {doomed} to end", seconds)


def tied(argv: Sequence[str]) -> list[str]:
    """`argv`, made to be killed by the kernel when the thread that starts it ends.

    So a test run that is itself killed leaves no daemon behind.
    """
    return ["setpriv", "--pdeathsig", "KILL", "--", *argv]


def tail(path: Path, lines: int) -> str:
    """Give the last lines of a log that tell of more than the usual; empty if there is none."""
    if not path.exists():
        return ""
    usual = (" INFO ", "\tat ", "NativeCodeLoader", "default log4j", "incubator modules")
    told = path.read_text(errors="replace").splitlines()
    told = [line for line in told if not any(mark in line for mark in usual)]
    return "\n".join(told[-lines:])
