"""Master and workers of Spark's standalone mode, each worker on a host of its own."""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, STDOUT, Popen
from typing import Any

import pyspark

from .network import Network
from .processes import alive, command_line, kill, tied, wait_until

SPARK_HOME = Path(pyspark.__file__).parent
MASTER_PORT, WEB_PORT, WORKER_PORT = 7077, 8080, 7078

# Short-lived Java processes on few cores: start fast rather than run fast.
JAVA_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData"

# The host's own folder and its own idea of names: nothing asks a name server from in there.
_ENTER_HOST = """
mount --bind "$1" "$2"
mount --bind "$3/hosts" /etc/hosts
[ ! -e /etc/resolv.conf ] || mount --bind "$3/resolv.conf" /etc/resolv.conf
echo "$4" > /proc/sys/kernel/hostname
shift 4
exec "$@"
"""


@dataclass(frozen=True)
class Host:
    """One host: its name in the cluster, its address, and its folders as seen from outside."""

    index: int
    name: str
    address: str
    local: Path
    common: Path

    @property
    def folder(self) -> Path:
        """What the host sees at `Cluster.data`."""
        return self.at(self.common)

    def at(self, path: Path) -> Path:
        """Where a path of the cluster's data lies for a reader outside of the host."""
        return self.local / "data" / path.relative_to(self.common)


class Standalone:
    """The processes of the cluster. Not thread-safe; to be used by the main thread.

    `hosts`, `data` (the common absolute path) and `master` (its URL) never change.
    """

    def __init__(self, root: Path, hosts: int) -> None:
        self.root = root
        self.local = root / "local"
        self.data = self.local / "data"
        self.network = Network(hosts)
        self.master = f"spark://{self.network.bridge}:{MASTER_PORT}"
        self.hosts = [
            Host(i, f"host-{i}", self.network.address(i), root / f"host-{i}", self.data)
            for i in range(hosts)
        ]
        self._workers: dict[int, Popen[bytes]] = {}
        self._master: Popen[bytes] | None = None

    def start(self) -> None:
        """Make the hosts, start master and workers, and wait until they know each other.

        Raises RuntimeError or TimeoutError; `stop` is the caller's duty then, too.
        """
        for folder in [self.data, *(host.folder for host in self.hosts)]:
            folder.mkdir(parents=True)
        names = [f"{host.address} {host.name}" for host in self.hosts]
        names += ["127.0.0.1 localhost", f"{self.network.bridge} driver"]
        (self.root / "hosts").write_text("\n".join(names) + "\n")
        (self.root / "resolv.conf").touch()
        self.network.create()
        self._master = self._daemon(
            "master", self.network.bridge, [],
            "org.apache.spark.deploy.master.Master",
            "--port", str(MASTER_PORT), "--webui-port", str(WEB_PORT),
        )  # fmt: skip
        wait_until(self.state, "the master to answer")
        for host in self.hosts:
            self._start_worker(host.index)
        wait_until(lambda: len(self.workers()) == len(self.hosts), "all workers to register")

    def stop(self) -> None:
        """End master and workers and remove the hosts, whatever state they are in."""
        daemons = [*self._workers.values(), *([self._master] if self._master else [])]
        try:
            kill(daemon.pid for daemon in daemons)
            for daemon in daemons:
                daemon.wait()
        finally:
            self.network.delete()

    def _daemon(
        self, name: str, address: str, enter: list[str], main_class: str, *args: str
    ) -> Popen[bytes]:
        command = [str(SPARK_HOME / "bin" / "spark-class"), main_class, "--host", address, *args]
        environment = self.environment(address)
        environment["SPARK_DAEMON_MEMORY"] = "192m"
        environment["SPARK_DAEMON_JAVA_OPTS"] = JAVA_OPTIONS
        with (self.root / f"{name}.log").open("ab") as log:
            return Popen(
                tied([*enter, *command]), stdin=DEVNULL, stdout=log, stderr=STDOUT, env=environment
            )

    def environment(self, address: str) -> dict[str, str]:
        """Give the environment of a Spark process that binds to the address."""
        # Settings of the user's own Spark must not reach this cluster.
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("SPARK_", "PYSPARK_"))}
        return clean | {
            "SPARK_HOME": str(SPARK_HOME),
            "SPARK_LOCAL_IP": address,
            "SPARK_LOCAL_DIRS": str(self.local / "scratch"),
            "PYSPARK_PYTHON": sys.executable,
        }

    def _start_worker(self, index: int) -> None:
        host = self.hosts[index]
        enter = ["ip", "netns", "exec", self.network.namespace(index)]
        enter += ["unshare", "--mount", "--uts", "bash", "-ec", _ENTER_HOST, "enter-host"]
        enter += [str(host.local), str(self.local), str(self.root), host.name]
        self._workers[index] = self._daemon(
            f"worker-{index}", host.address, enter,
            "org.apache.spark.deploy.worker.Worker",
            "--port", str(WORKER_PORT), "--webui-port", "8081", "--cores", "1", "--memory", "1g",
            "--work-dir", str(self.local / "work"), self.master,
        )  # fmt: skip

    def state(self) -> dict[str, Any] | None:
        """Ask the master about itself (its /json page); None while it doesn't answer."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://{self.network.bridge}:{WEB_PORT}/json/", timeout=5) as page:
                told: dict[str, Any] = json.load(page)
                return told
        except (OSError, ValueError):
            # It is not up yet, or its page is still empty.
            return None

    def workers(self) -> list[str]:
        """Addresses of the workers that the master holds for alive."""
        state = self.state() or {"workers": []}
        return sorted(w["host"] for w in state["workers"] if w["state"] == "ALIVE")

    def executors(self, index: int) -> list[int]:
        """Process ids of the executors on a host."""
        pids = self.network.pids(index)
        return [p for p in pids if "CoarseGrainedExecutorBackend" in command_line(p) and alive(p)]

    def kill_executors(self, index: int) -> None:
        """`kill -9` the executors of a host; its worker goes on and starts new ones."""
        pids = self.executors(index)
        assert pids, f"no executor runs on {self.hosts[index].name}"
        kill(pids)

    def kill_host(self, index: int) -> None:
        """`kill -9` the worker and all else on a host, and wait until the master knows."""
        # The worker first, by asking again: it would start a killed executor anew.
        while pids := self.network.pids(index):
            kill(pids)
        self._workers.pop(index).wait()
        address = self.hosts[index].address
        wait_until(lambda: address not in self.workers(), f"the master to miss {address}")

    def start_host(self, index: int) -> None:
        """Bring a killed host back."""
        self._start_worker(index)
        address = self.hosts[index].address
        wait_until(lambda: address in self.workers(), f"{address} to register")

    def await_idle(self) -> None:
        """Wait until no application and no executor is left."""
        wait_until(lambda: (self.state() or {}).get("activeapps") == [], "applications to end")
        wait_until(
            lambda: not any(self.executors(host.index) for host in self.hosts), "executors to end"
        )
