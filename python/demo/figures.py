"""The demo's pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

mpl.use("Agg")  # no window, no display needed

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

import spark_arrays

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from simulation import Scan

Image = npt.NDArray[Any]


@dataclass(frozen=True)
class Growth:
    """An image of a live scan, so many seconds after its begin; NaN where no frame was yet."""

    seconds: float
    image: Image


SPOTS = {"A": (0.55, 0.36), "B": (0.33, 0.48), "C": (0.64, 0.67), "D": (0.11, 0.47)}
"""Where single patterns are taken: three of the twins and the bare film."""


def save_figures(
    table: DataFrame, scan: Scan, bright: Image, dark: Image, mean: Image, folder: Path
) -> list[Path]:
    """Save an overview and each picture alone; gives the files, the overview first."""
    places = {name: _place(scan, *at) for name, at in SPOTS.items()}
    patterns = {name: _frame(table, y, x) for name, (y, x) in places.items()}
    files = [folder / "overview.png"]

    figure = plt.figure(figsize=(15, 9.0), layout="constrained")
    figure.suptitle(
        "Simulated 4D-STEM scan of a five-fold twinned gold particle on carbon\n"
        f"{scan.scan_shape[0]} × {scan.scan_shape[1]} patterns of "
        f"{scan.frame_shape[0]} × {scan.frame_shape[1]}, read through Spark",
        fontsize=15,
    )
    upper, lower = figure.subfigures(2, 1, squeeze=False, height_ratios=[1.2, 1]).flat
    first, second, third = upper.subplots(1, 3, squeeze=False).flat
    _bright(upper, first, bright)
    _dark(upper, second, dark)
    _pattern(upper, third, mean, "Average pattern", _log_scale(mean))
    for name, (y, x) in places.items():
        first.plot(x, y, "o", mfc="none", mec="#e6550d", mew=1.8, ms=9)
        first.annotate(
            name,
            (x, y),
            (6, 5),
            textcoords="offset points",
            color="#e6550d",
            fontsize=13,
            fontweight="bold",
        )
    # Counts of 0 have no logarithm; all four share one scale, so that they compare.
    shared = LogNorm(0.8, max(pattern.max() for pattern in patterns.values()))
    axes = lower.subplots(1, len(patterns), squeeze=False)
    for axis, (name, pattern) in zip(axes.flat, patterns.items(), strict=True):
        y, x = places[name]
        axis.imshow(np.maximum(pattern, shared.vmin or 1), norm=shared, cmap="magma")
        axis.set_title(f"{name}: scan position ({y}, {x})")
        axis.set_xticks([])
        axis.set_yticks([])
    lower.colorbar(
        axes.flat[0].images[0], ax=axes.ravel().tolist(), label="electrons", shrink=0.9, pad=0.01
    )
    figure.savefig(files[0], dpi=110)
    plt.close(figure)

    singles: dict[str, Callable[[Figure, Axes], None]] = {
        "bright-field": lambda fig, axis: _bright(fig, axis, bright),
        "dark-field": lambda fig, axis: _dark(fig, axis, dark),
        "average-pattern": lambda fig, axis: _pattern(
            fig, axis, mean, "Average pattern", _log_scale(mean)
        ),
    }
    for name, draw in singles.items():
        figure, axis = plt.subplots(figsize=(6.4, 5.6), layout="constrained")
        draw(figure, axis)
        files.append(folder / f"{name}.png")
        figure.savefig(files[-1], dpi=130)
        plt.close(figure)
    return files


def save_growth(grown: Sequence[Growth], folder: Path) -> Path:
    """Save how the image of a live scan grew, at its quarters."""
    counts = np.array([np.isfinite(each.image).sum() for each in grown])
    quarters = counts[-1] * np.arange(1, 5) / 4
    chosen = [grown[int(np.argmin(abs(counts - quarter)))] for quarter in quarters]
    figure, axes = plt.subplots(1, 4, figsize=(15, 4.2), layout="constrained", squeeze=False)
    figure.suptitle("Annular dark field of a live scan, as Spark followed it", fontsize=15)
    colours = mpl.colormaps["inferno"].with_extremes(bad="#d9d9d9")
    top = np.nanmax(grown[-1].image)
    for axis, each in zip(axes.flat, chosen, strict=True):
        drawn = axis.imshow(each.image, cmap=colours, vmin=0, vmax=top, interpolation="nearest")
        count = np.isfinite(each.image).sum()
        axis.set(title=f"{count} frames, {each.seconds:.1f} s", xticks=[], yticks=[])
    figure.colorbar(drawn, ax=axes.ravel().tolist(), label="electrons a frame", shrink=0.9)
    file = folder / "live-scan.png"
    figure.savefig(file, dpi=110)
    plt.close(figure)
    return file


def _place(scan: Scan, y: float, x: float) -> tuple[int, int]:
    return int(y * scan.scan_shape[0]), int(x * scan.scan_shape[1])


def _frame(table: DataFrame, y: int, x: int) -> Image:
    """Read one frame: the predicate on the scan's columns leads straight to its bytes."""
    frame: Image = spark_arrays.to_numpy(table.where(f"scan_0 = {y} AND scan_1 = {x}"))[0]
    return frame


def _log_scale(pattern: Image) -> LogNorm:
    return LogNorm(max(float(np.quantile(pattern, 0.02)), 0.05), float(pattern.max()))


def _bright(figure: Any, axis: Axes, image: Image) -> None:
    _scan_image(figure, axis, image, "Virtual bright field", "gray")


def _dark(figure: Any, axis: Axes, image: Image) -> None:
    _scan_image(figure, axis, image, "Virtual annular dark field", "inferno")


def _scan_image(figure: Figure, axis: Axes, image: Image, title: str, colours: str) -> None:
    drawn = axis.imshow(image, cmap=colours, interpolation="nearest")
    axis.set(title=title, xlabel="scan_1", ylabel="scan_0")
    figure.colorbar(drawn, ax=axis, label="electrons a frame", shrink=0.8)


def _pattern(figure: Figure, axis: Axes, image: Image, title: str, norm: LogNorm) -> None:
    drawn = axis.imshow(np.maximum(image, norm.vmin or 0), norm=norm, cmap="magma")
    axis.set(title=title, xlabel="detector column", ylabel="detector row")
    figure.colorbar(drawn, ax=axis, label="electrons (logarithmic)", shrink=0.8)
