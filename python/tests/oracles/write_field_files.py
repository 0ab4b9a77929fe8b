"""Write the files in src/test/resources/field with the packages that write such files in the field.

    pip install silx==3.1.3 nexusformat==2.1.0 nxtomo==3.1.1 anndata==0.12.19 \
        keras==3.15.1 jax h5netcdf==1.8.2 h5py==3.16.0
    python write_field_files.py FOLDER

What they hold is read back with h5py by the tests, so nothing but the files is kept.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "numpy"

import anndata
import h5netcdf
import keras
import nexusformat.nexus as nx
import numpy as np
import pandas as pd
import pint
import scipy.sparse
from nxtomo import NXtomo
from nxtomo.nxobject.nxdetector import ImageKey
from silx.io import dictdump, nxdata
from silx.io.convert import convert

SPEC = """#F scan.spec
#E 1700000000
#D Tue Nov 14 23:13:20 2023

#S 1 ascan th 0 3 3 0.1
#D Tue Nov 14 23:13:20 2023
#N 3
#L th  mon  det
0 100 5
1 101 7
2 99 11.5
3 100 6

#S 2 ascan th 0 1 1 0.1
#D Tue Nov 14 23:14:20 2023
#N 3
#L th  mon  det
0 100 50
1 101 70
"""


def silx(folder: Path) -> None:
    """Write a map of spectra, a tree that the user wrote, and a converted SPEC file."""
    stack = np.arange(3 * 4 * 5, dtype="u2").reshape(3, 4, 5)
    nxdata.save_NXdata(
        str(folder / "silx_nxdata.h5"),
        stack,
        axes=[np.arange(3.0), np.linspace(0, 1, 4), np.arange(5) * 2.5],
        signal_name="counts",
        axes_names=["y", "x", "energy"],
        interpretation="spectrum",
        title="map",
    )
    tree = {
        "@NX_class": "NXroot",
        "@default": "entry",
        "entry": {
            "@NX_class": "NXentry",
            "@default": "process/results",
            "instrument": {
                "@NX_class": "NXinstrument",
                "detector": {
                    "@NX_class": "NXdetector",
                    "data": np.arange(2 * 3 * 4, dtype="<f4").reshape(2, 3, 4),
                    "data@units": "counts",
                    "count_time": 0.1,
                },
            },
            "process": {
                "@NX_class": "NXprocess",
                "results": {
                    "@NX_class": "NXdata",
                    "@signal": "image",
                    "@axes": ["frame", ".", "."],
                    ">image": "../../instrument/detector/data",
                    "frame": np.array([10, 20]),
                },
            },
        },
    }
    dictdump.dicttonx(tree, str(folder / "silx_dicttonx.nx"))
    source = folder / "scan.spec"
    source.write_text(SPEC)
    convert(str(source), str(folder / "silx_spec.h5"), mode="w")
    source.unlink()


def nexusformat(folder: Path) -> None:
    """Write a tree of nexusformat's objects, with links."""
    x = nx.NXfield(np.linspace(0, 1, 6), name="x", units="mm")
    frame = nx.NXfield(np.arange(4), name="frame")
    counts = nx.NXfield(
        np.random.default_rng(1).poisson(3, (4, 5, 6)).astype("i4"),
        name="counts",
        units="counts",
        compression="gzip",
        chunks=(1, 5, 6),
    )
    root = nx.NXroot(
        nx.NXentry(
            nx.NXsample(nx.NXfield(290.5, name="temperature", units="K"), name="sample"),
            nx.NXdata(counts, [frame, nx.NXfield(np.arange(5), name="y"), x], name="scan"),
            name="entry",
        )
    )
    root["entry/title"] = "a scan"
    root["entry/scan"].set_default()
    root.save(str(folder / "nexusformat.nxs"), "w")


def nxtomo(folder: Path) -> None:
    """Write two tomograms, and one that is made of both by a virtual data set."""
    parts = []
    for i in range(2):
        tomo = NXtomo()
        rng = np.random.default_rng(i)
        frames = rng.integers(0, 1000, (5, 4, 6), "u2")
        tomo.instrument.detector.data = frames
        tomo.instrument.detector.image_key_control = [ImageKey.DARK_FIELD] + 4 * [
            ImageKey.PROJECTION
        ]
        tomo.sample.rotation_angle = np.arange(5) * 30.0 * pint.get_application_registry().degree
        tomo.sample.name = "sample"
        tomo.energy = 18.0 * pint.get_application_registry().keV
        path = folder / f"nxtomo_{i}.nx"
        tomo.save(file_path=str(path), data_path="entry")
        parts.append(NXtomo().load(str(path), "entry"))
    both = NXtomo.concatenate(tuple(parts))
    both.save(file_path=str(folder / "nxtomo_both.nx"), data_path="entry")


def other_fields(folder: Path) -> None:
    """Write single cells, a neural network, and netCDF."""
    counts = scipy.sparse.random(6, 9, 0.3, "csr", np.float32, np.random.default_rng(3))
    cells = pd.DataFrame(
        {
            "cluster": pd.Categorical(["B", "T", "T", "NK", "B", "T"]),
            "n_genes": np.arange(6) * 11,
            "passed": [True, False, True, True, False, True],
        },
        index=[f"cell-{i}" for i in range(6)],
    )
    data = anndata.AnnData(counts, cells, pd.DataFrame(index=[f"gene-{i}" for i in range(9)]))
    data.obsm["X_pca"] = np.random.default_rng(4).normal(size=(6, 3)).astype("f4")
    ranks = np.zeros(4, [("B", "U8"), ("T", "U8")]).astype([("B", "O"), ("T", "O")])
    data.uns["rank"] = {"names": ranks, "score": 0.5}
    data.write_h5ad(folder / "anndata.h5ad", compression="gzip")
    keras.utils.set_random_seed(5)
    layers = [keras.Input((4,)), keras.layers.Dense(3, name="first"), keras.layers.Dense(2)]
    model = keras.Sequential(layers)
    model.save(folder / "keras_model.h5")
    model.save_weights(folder / "keras.weights.h5")
    with h5netcdf.File(folder / "h5netcdf.nc", "w") as file:
        file.dimensions = {"time": None, "lat": 3, "lon": 4}
        air = file.create_variable("air", ("time", "lat", "lon"), "<i2", chunks=(1, 3, 4))
        file.resize_dimension("time", 5)
        air[...] = np.arange(60).reshape(5, 3, 4)
        air.attrs["scale_factor"] = 0.01
        time = file.create_variable("time", ("time",), "f8")
        time[...] = np.arange(5) * 6.0


def main() -> None:
    """Write all of them."""
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for write in (silx, nexusformat, nxtomo, other_fields):
        write(folder)


if __name__ == "__main__":
    main()
