"""Containers whose arrays are spread over three hosts, which share a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import zarr

from hdf5_library import jars

from .driver import Driver
from .harness import Cluster
from .processes import wait_until

pytestmark = pytest.mark.long

APPLICATION = Path(__file__).parent / "memdata_write.py"
GIB = 1 << 30


def submit(cluster: Cluster, file: Path, *arguments: str, **conf: str) -> Driver:
    """Begin to write a file."""
    library = jars("bytedeco")
    if not library:
        pytest.skip("no bytedeco")
    with_library = ",".join(map(str, [*cluster.jars, *library]))
    return cluster.submit(APPLICATION, str(file), *arguments, spark__jars=with_library, **conf)


def await_done(driver: Driver, file: Path) -> Path:
    """Wait until the file is written; give the mark that says so."""
    mark = Path(f"{file}.done")
    wait_until(lambda: mark.exists() or driver.finished(), "the file to be written", 900)
    assert mark.exists(), driver.output[-3000:]
    return mark


def high_water(pid: int) -> int:
    """Give the most memory that a process ever had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@pytest.mark.parametrize("suffix", ["h5", "zarr"])
def test_four_gibibytes_are_moved_and_written_in_little_memory(
    cluster: Cluster, tmp_path: Path, suffix: str
) -> None:
    file, shape = tmp_path / f"vis.{suffix}", (4096, 1024, 128)
    assert np.prod(shape) * 8 == 4 * GIB
    driver = submit(cluster, file, "4096,1024,128", "256,8,128", "4000")
    mark = await_done(driver, file)
    pids = [pid for host in range(3) for pid in cluster.executors(host)]
    assert len(pids) == 3
    most = max(map(high_water, pids))
    print(f"the most memory of an executor: {most >> 20} MiB")
    assert most < GIB
    mark.unlink()
    assert driver.wait() == 0
    if suffix == "h5":
        with h5py.File(file) as made:
            assert made["vis"].is_virtual
            check(made["vis"])
    else:
        vis = zarr.open_group(file, mode="r", zarr_format=2)["vis"]
        assert isinstance(vis, zarr.Array)
        assert vis.nchunks_initialized == vis.nchunks == 16 * 128
        check(vis)


def check(vis: Any) -> None:
    """Assert that an array has the shape and the elements of the application's."""
    assert (vis.shape, vis.attrs["__memh5_distributed_axis"]) == ((4096, 1024, 128), 1)
    assert (vis[4000, :, 3] == 5).all()
    assert vis[4000].sum() == 5 * 1024
    assert not vis[17].any()


def test_a_write_survives_a_killed_executor(cluster: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "vis.h5"
    driver = submit(cluster, file, "512,512,128", "16,16,128", "100")
    wait_until(lambda: any(tmp_path.glob("vis.h5.parts-*/*.h5")), "a part", 300)
    assert not file.exists()
    cluster.kill_executors(0)
    await_done(driver, file).unlink()
    assert driver.wait() == 0
    assert sorted(path.name.split("-")[0] for path in tmp_path.iterdir()) == [
        "vis.h5",
        "vis.h5.parts",
    ]
    with h5py.File(file) as made:
        sources = {source.file_name for source in made["vis"].virtual_sources()}
        assert made["vis"][100].sum() == 5 * 512
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.glob("*/*")} == sources


def test_chunks_of_zarr_survive_a_killed_executor(cluster: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "vis.zarr"
    # 515 positions in blocks of 57 or 58, and in chunks of 48: most of them are of two blocks.
    driver = submit(cluster, file, "512,515,128", "64,48,128", "100")
    wait_until(lambda: any(tmp_path.glob(".vis.zarr/.chunks-*/[0-9]*")), "a chunk", 120)
    assert not file.exists()
    cluster.kill_executors(0)
    await_done(driver, file).unlink()
    assert driver.wait() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["vis.zarr"]
    vis = zarr.open_group(file, mode="r", zarr_format=2)["vis"]
    assert isinstance(vis, zarr.Array)
    assert vis.attrs["__memh5_distributed_axis"] == 1
    assert vis.nchunks_initialized == vis.nchunks == 8 * 11
    assert len(list((file / "vis").iterdir())) == vis.nchunks + 2
    expected = np.zeros((512, 515, 128))
    expected[100, :, 3] = 5
    np.testing.assert_array_equal(vis[...], expected)


def test_without_executors_a_write_fails_in_time_and_leaves_nothing(
    cluster: Cluster, tmp_path: Path
) -> None:
    file = tmp_path / "vis.h5"
    driver = submit(
        cluster, file, "2048,512,128", "16,16,128", "100",
        spark__arrays__memdata__executorTimeout="15s",
    )  # fmt: skip
    wait_until(lambda: any(tmp_path.glob("vis.h5.parts-*/*.h5")), "a part", 300)
    hosts = range(len(cluster.hosts))
    try:
        for host in hosts:
            cluster.kill_host(host)
        assert driver.wait() == 1
        assert f"[EXECUTORS_LOST] {file}: no executor has been there for 15 s" in driver.output
        assert list(tmp_path.iterdir()) == []
    finally:
        for host in hosts:
            cluster.start_host(host)


def test_a_killed_driver_leaves_no_file_and_the_next_cleans_up(
    cluster: Cluster, tmp_path: Path
) -> None:
    file = tmp_path / "vis.h5"
    driver = submit(cluster, file, "512,512,128", "16,16,128", "100")
    wait_until(lambda: any(tmp_path.glob("vis.h5.parts-*/*.h5")), "a part", 300)
    driver.kill()
    assert not file.exists()
    # The lock of the dead driver is told from a living one's; nothing else has the final name.
    names = sorted(path.name.split("-")[0] for path in tmp_path.iterdir())
    assert set(names) == {".vis.h5", ".vis.h5.lock", "vis.h5.parts"}
    left = next(tmp_path.glob("vis.h5.parts-*"))
    driver = submit(cluster, file, "64,64,128", "16,16,128", "10", "break")
    await_done(driver, file).unlink()
    assert driver.wait() == 0
    assert not left.exists()
    assert len(list(tmp_path.iterdir())) == 2
    with h5py.File(file) as made:
        assert made["vis"][10].sum() == 5 * 64
