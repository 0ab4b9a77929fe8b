"""A Spark standalone cluster of several hosts on this machine.

Each host is a network namespace (see `network`) with one worker of one core. The same absolute
path is another folder on each of them, as on a cluster whose nodes have disks of their own; the
driver runs in this process (or, submitted, beside it), on the bridge, with a folder of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import DEVNULL, STDOUT, Popen
from types import TracebackType

import pytest
from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from .driver import Driver
from .holds import Hold
from .processes import kill, tail, tied, wait_until
from .standalone import JAVA_OPTIONS, SPARK_HOME, Host, Standalone

__all__ = ["Cluster", "Host"]


class Cluster(Standalone):
    """The cluster with its drivers. Use as a context manager, from the main thread only.

    `jars` go to every driver and executor; `preload` is the library that holds executors.
    Failures to start raise RuntimeError or TimeoutError; all it started is ended all the same.
    """

    def __init__(
        self, root: Path, jars: Sequence[Path] = (), preload: Path | None = None, hosts: int = 3
    ) -> None:
        super().__init__(root, hosts)
        self.jars = list(jars)
        self._preload = preload
        self._drivers: list[Driver] = []
        self._session: SparkSession | None = None
        self._conf: dict[str, str] = {}

    def __enter__(self) -> Cluster:
        """Start the cluster."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End and remove everything."""
        self.stop()

    def stop(self) -> None:
        """End and remove everything, whatever state it is in."""
        try:
            for driver in self._drivers:
                if not driver.finished():
                    driver.kill()
            self.stop_spark()
        finally:
            super().stop()

    def kill_host(self, index: int) -> None:
        """`kill -9` all processes of a host, and wait until master and driver know."""
        super().kill_host(index)
        if self._session is not None:
            address = self.hosts[index].address
            wait_until(lambda: address not in self._executor_hosts(), f"{address} to be missed")

    def start_host(self, index: int) -> None:
        """Bring a killed host back; if a session runs, wait until it has an executor there."""
        super().start_host(index)
        if self._session is not None:
            self.await_executors()

    def spark(self, **conf: str) -> SparkSession:
        """Give a session of this process on the cluster, with an executor on every living host.

        Settings are named with `__` for `.`: `spark(spark__locality__wait="0s")`. The running
        session is given back if it was made with the same ones, else it is stopped first.
        """
        wanted = self._settings() | {k.replace("__", "."): v for k, v in conf.items()}
        if self._session is not None and self._conf == wanted:
            self.await_executors()
            return self._session
        self.stop_spark()
        if SparkContext._active_spark_context is not None:
            raise RuntimeError("another SparkSession runs in this process: run these tests alone")
        # Spark turns settings given at the JVM's start into defaults of all later sessions in it:
        # only those that all sessions share may be among them.
        shared = SparkConf(loadDefaults=False).setAll(list(self._settings().items()))
        SparkContext._ensure_initialized(conf=shared)
        builder = SparkSession.Builder()
        for key, value in wanted.items():
            builder = builder.config(key, value)
        self._session = builder.getOrCreate()
        self._conf = wanted
        self.await_executors()
        return self._session

    def stop_spark(self) -> None:
        """Stop this process's session, if any, and wait until its executors are gone."""
        if self._session is not None:
            session, self._session = self._session, None
            session.stop()
            self.await_idle()

    def kill_driver(self) -> None:
        """`kill -9` the JVM of this process's session, then its executors.

        Calls into it that run in other threads fail; the next `spark` starts a new JVM.
        """
        assert self._session is not None
        gateway = SparkContext._gateway
        assert gateway is not None
        kill([gateway.proc.pid])
        gateway.proc.wait()
        gateway.shutdown()
        # PySpark keeps what belongs to the JVM in these, and knows no way to lose one.
        SparkContext._gateway = None
        SparkContext._jvm = None
        SparkContext._active_spark_context = None
        SparkSession._instantiatedSession = None
        SparkSession._activeSession = None
        self._session = None
        # They would end by themselves, after a while in which those that are not held go on.
        kill(pid for host in self.hosts for pid in self.executors(host.index))
        self.await_idle()

    def submit(
        self, application: str | Path, *args: str, main_class: str | None = None, **conf: str
    ) -> Driver:
        """`spark-submit` a script or a jar; settings as for `spark`, whose session is stopped."""
        self.stop_spark()
        settings = self._settings() | {k.replace("__", "."): v for k, v in conf.items()}
        command = [str(SPARK_HOME / "bin" / "spark-submit")]
        for key, value in settings.items():
            command += ["--conf", f"{key}={value}"]
        command += ["--class", main_class] if main_class else []
        log = self.root / f"driver-{len(self._drivers)}.log"
        with log.open("wb") as out:
            process = Popen(
                tied([*command, str(application), *args]), stdin=DEVNULL, stdout=out, stderr=STDOUT,
                env=self.environment(self.network.bridge), start_new_session=True,
            )  # fmt: skip
        driver = Driver(process, log)
        self._drivers.append(driver)
        return driver

    def hold(self, index: int, operation: str, path: str, to: str = "*") -> Hold:
        """Hold the executors of a host at a step of writing a file: see `Hold`."""
        if self._preload is None:
            pytest.skip("needs a C compiler, cc, for the library that holds processes")
        return Hold(self.hosts[index].local / "holds", operation, path, to)

    def logs(self, lines: int = 40) -> str:
        """Give the last lines of every log, for a failed test's report."""
        logs = [*self.root.glob("*.log"), *self.root.glob("host-*/work/*/*/stderr")]
        logs.sort(key=lambda log: log.stat().st_mtime)
        return "\n".join(f"==> {log.relative_to(self.root)}\n{tail(log, lines)}" for log in logs)

    def _settings(self) -> dict[str, str]:
        settings = {
            "spark.master": self.master,
            "spark.app.name": "cluster-tests",
            "spark.driver.host": self.network.bridge,
            "spark.driver.bindAddress": self.network.bridge,
            "spark.driver.memory": "1g",
            "spark.driver.extraJavaOptions": JAVA_OPTIONS,
            "spark.executor.memory": "640m",
            "spark.executor.extraJavaOptions": JAVA_OPTIONS,
            "spark.executorEnv.PYSPARK_PYTHON": sys.executable,
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "3",
            # Tasks wait for the host that has their file. A write's tasks would in the same way
            # wait for the host where most rows of the source come from: that is switched off.
            "spark.locality.wait": "10s",
            "spark.shuffle.reduceLocality.enabled": "false",
            "spark.sql.warehouse.dir": str(self.root / "warehouse"),
        }
        if self.jars:
            settings["spark.jars"] = ",".join(map(str, self.jars))
        if self._preload is not None:
            settings["spark.executorEnv.LD_PRELOAD"] = str(self._preload)
            settings["spark.executorEnv.ARRAYS_HOLDS"] = str(self.local / "holds")
        return settings

    def await_executors(self) -> None:
        """Wait until each host that is up has an executor of the running session."""
        hosts = set(self.workers())
        wait_until(lambda: hosts <= self._executor_hosts(), f"executors on {sorted(hosts)}")

    def _executor_hosts(self) -> set[str]:
        """Hosts of the running session's executors, and of its driver."""
        assert self._session is not None
        tracker = self._session.sparkContext._jsc.sc().statusTracker()
        return {info.host() for info in tracker.getExecutorInfos()}
