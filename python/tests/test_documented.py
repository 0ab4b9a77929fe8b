"""Every public function says what it takes, gives and refuses, and has examples, which are run."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import spark_arrays
from spark_arrays import memdata, stores

ALIASES = {"Arrays", "By", "ConfValue", "Key"}
"""Names of types, whose meaning is said in the source."""

GIVEN = {"Attributes", "MemDataset"}
"""Classes whose objects the user is given: how they are made is not for him."""

NOT_RUN: dict[str, str] = {}
"""Examples that are shown only, by whose they are: why they can't be run."""


def members(owner: type) -> Iterator[tuple[str, Any]]:
    """Give the public methods and properties of a class, those of its own kin too."""
    for kin in inspect.getmro(owner):
        if kin.__module__.startswith("spark_arrays"):
            for name, member in vars(kin).items():
                if isinstance(member, (classmethod, staticmethod)):
                    member = member.__func__
                if not name.startswith("_") and (
                    inspect.isfunction(member) or isinstance(member, property)
                ):
                    yield name, member


def public() -> Iterator[tuple[str, Any]]:
    """Give every public function and class, and the methods and properties of the latter."""
    for module in (spark_arrays, memdata, stores):
        for name in module.__all__:
            if name in ALIASES:
                continue
            thing = getattr(module, name)
            yield name, thing
            if inspect.isclass(thing):
                for member, function in members(thing):
                    yield f"{name}.{member}", function


def examples(docstring: str | None) -> list[doctest.Example]:
    """Parse what follows ``Examples``."""
    _, _, after = inspect.cleandoc(docstring or "").partition("Examples\n--------\n")
    return doctest.DocTestParser().get_examples(after)


PUBLIC = dict(public())
TOP = [name for name in PUBLIC if "." not in name]
FUNCTIONS = [name for name, thing in PUBLIC.items() if inspect.isfunction(thing)]


def test_it_is_looked_for_everything() -> None:
    """Methods of classes, class methods, properties, and what is inherited."""
    assert PUBLIC.keys() >= {
        "load", "NumpyStore.pop", "MemGroup.from_file", "MemDataset.shape", "SparkArraysError.of",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", [*FUNCTIONS, *(top for top in TOP if inspect.isclass(PUBLIC[top]) and top not in GIVEN)]
)
def test_each_parameter_is_named_and_typed(name: str) -> None:
    """Also those of constructors."""
    thing = PUBLIC[name]
    text = inspect.getdoc(thing) or ""
    parameters = {
        parameter: about
        for parameter, about in inspect.signature(thing).parameters.items()
        if parameter not in ("self", "cls") and not parameter.startswith("_")
    }
    missing = [
        parameter
        for parameter in parameters
        if not re.search(rf"^[ \w,*]*\b{parameter}\b[ \w,]*$", text, re.M)
    ]
    assert not missing, f"{name} says nothing of {missing}"
    for parameter, about in parameters.items():
        assert about.annotation is not inspect.Parameter.empty, parameter


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_comes_back_is_said(name: str) -> None:
    """By its type; in words where that is no plain answer."""
    text = inspect.getdoc(PUBLIC[name]) or ""
    result = inspect.signature(PUBLIC[name]).return_annotation
    assert result is not inspect.Signature.empty
    told = "Returns\n-------" in text or "Yields\n------" in text
    if name in TOP or result not in ("None", "bool", "SparkArraysError"):
        assert told, name


@pytest.mark.parametrize("name", [name for name in TOP if name in FUNCTIONS])
def test_errors_are_named(name: str) -> None:
    """Of functions by their codes."""
    assert "Raises\n------" in (inspect.getdoc(PUBLIC[name]) or ""), name


@pytest.mark.parametrize("name", PUBLIC)
def test_there_is_an_example_with_its_result(name: str) -> None:
    """Of methods and properties in their own text, or their class's, which uses them."""
    owner, _, member = name.partition(".")
    found = examples(PUBLIC[name].__doc__)
    if member:
        word = re.compile(rf"\.{member}\b")
        found = [*found, *examples(PUBLIC[owner].__doc__)]
        assert any(word.search(example.source) for example in found), f"{name} has no example"
    assert any(example.want or example.exc_msg for example in found), f"{name}: nothing is checked"


def test_all_examples_are_run() -> None:
    """But for those that say why they are not."""
    shown = set()
    for module in pkgutil.iter_modules(spark_arrays.__path__, "spark_arrays."):
        if module.name != "spark_arrays.__main__":
            shown |= unchecked(importlib.import_module(module.name))
    assert shown | unchecked(spark_arrays) == NOT_RUN.keys()


def unchecked(module: ModuleType) -> set[str]:
    """Give the names of what has examples that are skipped, or no doctests."""
    return {
        found.name
        for found in doctest.DocTestFinder().find(module)
        if any(doctest.SKIP in example.options for example in found.examples)
        or "::\n\n" in (found.docstring or "")
    }
