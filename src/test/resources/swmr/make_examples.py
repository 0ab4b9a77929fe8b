"""Write the files of the examples in swmr_tools' documentation: `python make_examples.py`."""

from pathlib import Path

import h5py
import numpy as np

FOLDER = Path(__file__).parent
rng = np.random.default_rng(1)

data_1 = rng.integers(low=-10000, high=10000, size=(2, 2, 5, 10))
data_2 = rng.integers(low=-10000, high=10000, size=(2, 2, 5, 10))
keys_1 = np.arange(1, 5).reshape(2, 2, 1, 1)
with h5py.File(FOLDER / "example.h5", "w", libver="latest") as f:
    f.create_group("keys")
    f.create_group("data")
    f["keys"].create_dataset("keys_1", data=keys_1)
    f["data"].create_dataset("data_1", data=data_1)
    f["data"].create_dataset("data_2", data=data_2)

complete_key_array = np.arange(8).reshape(2, 4, 1, 1) + 1
with h5py.File(FOLDER / "test_file.h5", "w", libver="latest") as f:
    f.create_group("keys")
    f["/keys"].create_dataset("key_1", data=complete_key_array)
