"""The custom metrics that Spark shows in the SQL tab, and why tasks failed."""

from __future__ import annotations

import re
from typing import Any

from pyspark.sql import SparkSession

from .processes import wait_until


def executions(spark: SparkSession) -> list[int]:
    """Ids of the SQL executions of the session so far, in order."""
    found = _sequence(_sql_store(spark).executionsList())
    return sorted(execution.executionId() for execution in found)


def metrics(spark: SparkSession, execution: int) -> dict[str, list[str]]:
    """Metrics of a finished SQL execution as the SQL tab shows them, by name.

    A name has a value for each operator that reports it and has counted something.
    """
    store = _sql_store(spark)

    def finished() -> bool:
        # The listener gets the events after the action has returned.
        return store.execution(execution).get().metricValues() is not None

    wait_until(finished, f"metrics of SQL execution {execution}")
    values = store.executionMetrics(execution)
    shown: dict[str, list[str]] = {}
    for metric in _sequence(store.execution(execution).get().metrics()):
        value = values.get(metric.accumulatorId())
        if value.isDefined():
            shown.setdefault(metric.name(), []).append(value.get())
    return shown


def count(shown: dict[str, list[str]], name: str) -> int:
    """Sum a counting metric over the operators that have it; 0 if none has."""
    total = 0
    for value in shown.get(name, []):
        match = re.match(r"[\d,]+", value)
        if match is None:
            raise AssertionError(f"metric {name!r} is not a count: {value!r}")
        total += int(match[0].replace(",", ""))
    return total


def task_errors(spark: SparkSession) -> list[str]:
    """Messages of all failed task attempts that the session still remembers."""
    store = spark.sparkContext._jsc.sc().statusStore()
    gateway = spark.sparkContext._gateway
    assert gateway is not None
    errors = []
    everything = store.stageList(None, False, False, gateway.new_array(gateway.jvm.double, 0), None)
    for stage in _sequence(everything):
        tasks = _sequence(store.taskList(stage.stageId(), stage.attemptId(), 10_000))
        errors += [t.errorMessage().get() for t in tasks if t.errorMessage().isDefined()]
    return errors


def _sql_store(spark: SparkSession) -> Any:
    return spark._jsparkSession.sharedState().statusStore()


def _sequence(scala: Any) -> list[Any]:
    return [scala.apply(i) for i in range(scala.size())]
