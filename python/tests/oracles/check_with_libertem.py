#!/usr/bin/env python3
"""Outside check: open a ClusterDataSet directory with real LiberTEM (0.14.x, the last
release line that has it) and compare it with an expected array.

    .venv-libertem/bin/python python/tests/oracles/check_with_libertem.py DIR EXPECTED.npy
        [--allow-missing] [--present P.npy]
        [--dask N] [--lenient]

DIR holds structure.json and parts/. EXPECTED.npy is the logical array, nav_shape +
sig_shape, in the dtype that is on disk.
Exit status 0: same; 1: differs or LiberTEM refuses it; 2: wrong call.

  --allow-missing  missing partitions are fine: compare only the frames that exist
  --present P.npy  bool nav array: the existing frames must be exactly these
                   (implies --allow-missing)
  --dask N         open it on a local dask cluster with N workers as well
  --lenient        do not fail on the extra rules below that LiberTEM itself does not need

Extra rules beyond "LiberTEM reads it" (a careful writer should keep them): file size
exactly frames*frame bytes, slices contiguous over [0, frames), nothing in parts/ but
partition files (no left-over temporary files).
LiberTEM creates a missing structure.json or parts/ while opening; this script refuses
such a directory first, so the check never changes DIR.
"""
import argparse
import json
import os
import sys
import warnings

import numpy as np
import libertem
from libertem.api import Context
from libertem.executor.inline import InlineJobExecutor
from libertem.io.dataset.base import (
    PartitionStructure, BufferedBackend, MMapBackend, DirectBackend)
from libertem.udf.raw import PickUDF
from libertem.udf.sum import SumUDF
from libertem.udf.sumsigudf import SumSigUDF

try:
    from libertem.io.dataset.cluster import ClusterDataSet
except ImportError:
    sys.exit("libertem %s has no ClusterDataSet: use 0.14.x" % libertem.__version__)

warnings.simplefilter("ignore")
problems = []


def bad(msg):
    problems.append(msg)
    print("FAIL", msg)


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    # bytes, not ==, so NaN payloads and -0.0 count too
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


def run(ctx, name, args, raw_json, expected, backend):
    structure = PartitionStructure.from_json(raw_json)
    canonical = structure.serialize()
    if canonical != raw_json:
        bad("structure.json is not in LiberTEM's canonical form (initialize would call it "
            "inconsistent): has %r, wants %r" % (raw_json, canonical))
        return
    # Not ctx.load(): that pickles the data set for the dask executor, which fails because
    # ClusterDataSet keeps the executor as an attribute (LiberTEM bug).
    ds = ClusterDataSet(path=args.dir, structure=structure, io_backend=backend)
    ds = ds.initialize(ctx.executor)
    ds.check_valid()
    nav, sig = tuple(ds.shape.nav), tuple(ds.shape.sig)
    if tuple(ds.shape) != expected.shape:
        return bad("shape %r, expected %r" % (tuple(ds.shape), expected.shape))
    if np.dtype(ds.dtype) != expected.dtype:
        return bad("dtype %r, expected %r" % (ds.dtype, expected.dtype))
    frames = int(np.prod(nav))
    flat = expected.reshape((frames,) + sig)
    roi = np.zeros(frames, dtype=bool)
    n_have = n_miss = 0
    for i, p in enumerate(ds.get_partitions()):
        lo, hi = structure.slices[i]
        if not p._have_data():
            n_miss += 1
            continue
        n_have += 1
        roi[lo:hi] = True
        # 1) native dtype, whole partition
        t = p.get_macrotile(dest_dtype=ds.dtype)
        if not same(np.ascontiguousarray(t.data), flat[lo:hi]):
            bad("%s: partition %d [%d:%d) differs" % (name, i, lo, hi))
        # 2) converted while reading (LiberTEM cannot byte-swap floats there)
        nd = np.dtype(ds.dtype)
        if not (nd.byteorder == ">" and nd.kind in "fc") and nd.kind != "c":
            t = p.get_macrotile(dest_dtype="float64")
            if not np.array_equal(t.data, flat[lo:hi].astype("float64")):
                bad("%s: partition %d differs when read as float64" % (name, i))
    if n_miss and not (args.allow_missing or args.present):
        bad("%s: %d partitions missing" % (name, n_miss))
    if args.present and not np.array_equal(roi, np.load(args.present).reshape(-1)):
        bad("%s: the set of existing frames is not the one expected" % name)
    # 3) through the UDF runner, on the frames that exist
    nd = np.dtype(ds.dtype)
    if roi.any() and not (nd.byteorder == ">" and nd.kind in "fc"):
        r = None if roi.all() else roi.reshape(nav)
        pick, s1, s2 = ctx.run_udf(dataset=ds, udf=[PickUDF(), SumUDF(), SumSigUDF()], roi=r) \
            if r is not None else (None,) + tuple(
                ctx.run_udf(dataset=ds, udf=[SumUDF(), SumSigUDF()]))
        sel = flat[roi].astype("float64" if nd.kind != "c" else "complex128")
        if pick is not None and not np.array_equal(
                np.asarray(pick["intensity"].raw_data).reshape(sel.shape), flat[roi]):
            bad("%s: PickUDF differs" % name)
        if not np.allclose(s1["intensity"].data, sel.sum(axis=0), rtol=1e-4, atol=1e-3):
            bad("%s: SumUDF differs" % name)
        got = np.asarray(s2["intensity"].raw_data)
        if got.shape[0] == frames and not roi.all():
            got = got[roi]
        if not np.allclose(got, sel.reshape(len(sel), -1).sum(axis=1), rtol=1e-4, atol=1e-3):
            bad("%s: SumSigUDF differs" % name)
    print("ok  " if not problems else "    ", name, "shape=%r dtype=%s partitions=%d missing=%d"
          % (tuple(ds.shape), ds.dtype, n_have + n_miss, n_miss))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("dir")
    ap.add_argument("expected")
    ap.add_argument("--allow-missing", action="store_true")
    ap.add_argument("--present")
    ap.add_argument("--dask", type=int, default=0)
    ap.add_argument("--lenient", action="store_true")
    args = ap.parse_args()
    args.dir = os.path.abspath(args.dir)
    side, parts = os.path.join(args.dir, "structure.json"), os.path.join(args.dir, "parts")
    if not os.path.isfile(side) or not os.path.isdir(parts):
        print("FAIL no structure.json or no parts/ in", args.dir)
        return 1
    with open(side) as fh:
        raw_json = json.load(fh)
    expected = np.load(args.expected)

    if not args.lenient:
        st = PartitionStructure.from_json(raw_json)
        fb = int(np.prod(tuple(st.shape.sig))) * st.dtype.itemsize
        at = 0
        names = set()
        for i, (lo, hi) in enumerate(st.slices):
            if lo != at or hi <= lo:
                bad("slice %d is [%d, %d), expected it to begin at %d" % (i, lo, hi, at))
            at = hi
            name = "partition-%08d" % i
            names.add(name)
            f = os.path.join(parts, name)
            if os.path.exists(f) and os.path.getsize(f) != (hi - lo) * fb:
                bad("%s has %d bytes, expected %d" % (name, os.path.getsize(f), (hi - lo) * fb))
        if at != int(np.prod(tuple(st.shape.nav))):
            bad("slices end at %d" % at)
        for e in sorted(set(os.listdir(parts)) - names):
            bad("left-over in parts/: %s" % e)

    def tree():
        return sorted((os.path.relpath(os.path.join(d, f), args.dir),
                       os.path.getsize(os.path.join(d, f)),
                       os.stat(os.path.join(d, f)).st_mtime_ns)
                      for d, _, fs in os.walk(args.dir) for f in fs)
    before = tree()
    try:
        with Context(executor=InlineJobExecutor()) as ctx:
            for name, be in (("inline/mmap", MMapBackend()), ("inline/buffered", BufferedBackend()),
                             ("inline/direct", DirectBackend())):
                nd = expected.dtype
                if name != "inline/mmap" and nd.byteorder == ">":
                    continue  # LiberTEM's copying back-ends mis-handle or refuse this
                run(ctx, name, args, raw_json, expected, be)
        if args.dask:
            from libertem.executor.dask import DaskJobExecutor, cluster_spec
            spec = cluster_spec(cpus=range(args.dask), cudas=[], has_cupy=False)
            with DaskJobExecutor.make_local(spec=spec) as ex, Context(executor=ex) as ctx:
                run(ctx, "dask/mmap", args, raw_json, expected, MMapBackend())
    except Exception as e:  # LiberTEM refused it
        bad("%s: %s" % (type(e).__name__, e))
        if os.environ.get("TRACE"):
            raise
    if tree() != before:
        bad("the directory changed while it was checked")
    print("PASS" if not problems else "FAILED (%d)" % len(problems), args.dir)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
