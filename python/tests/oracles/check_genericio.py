"""check_genericio.py FILE EXPECTED.npz [--reader auto|pygio|independent]

Reads a GenericIO file and compares it with expected arrays (bit for bit, NaN included).
pygio is not on PyPI; where `import pygio` works it is used, otherwise the independent reader in
giofmt.py, and the output says which.  Keys of EXPECTED.npz: column name -> all rows joined in
global rank order; `__nelems__` rows per rank; `__origin__`, `__scale__` 3 doubles each
(the '__' keys are optional).  Exit 0 when equal, 1 when not, 2 when it cannot be read.
"""
import sys
import numpy as np
import giofmt


def by_pygio(path):
    import pygio
    f = pygio.PyGenericIO(path)
    d = f.read(print_stats=False, collective_stats=False)
    meta = {"__origin__": list(f.read_phys_origin()), "__scale__": list(f.read_phys_scale()),
            "__nelems__": [f.read_num_elems(eff_rank=r) for r in range(f.read_nranks())]}
    return dict(d), meta, "pygio"


def by_own(path):
    ds = giofmt.Dataset(path)
    meta = {"__origin__": list(ds.file.origin), "__scale__": list(ds.file.scale), "__nelems__": ds.counts}
    return {n: ds.column(n) for n in ds.names}, meta, "independent reader (giofmt.py)"


def main():
    a = [x for x in sys.argv[1:] if not x.startswith("--")]
    mode = "auto"
    for x in sys.argv[1:]:
        if x.startswith("--reader="):
            mode = x.split("=")[1]
    path, exp = a[0], np.load(a[1])
    try:
        if mode == "independent":
            got = by_own(path)
        elif mode == "pygio":
            got = by_pygio(path)
        else:
            try:
                import pygio  # noqa: F401
                got = by_pygio(path)
            except ImportError:
                got = by_own(path)
    except Exception as e:
        print("UNREADABLE %s: %s: %s" % (path, type(e).__name__, e))
        return 2
    data, meta, who = got
    want = {k: exp[k] for k in exp.files if not k.startswith("__")}
    err = []
    if set(want) != set(data):
        err.append("columns differ: only expected %s, only in file %s"
                   % (sorted(set(want) - set(data)), sorted(set(data) - set(want))))
    for k in sorted(set(want) & set(data)):
        w, g = want[k], np.asarray(data[k])
        if who == "pygio" and w.dtype.kind in "iu":      # pygio ignores signedness
            w = w.view(g.dtype) if w.dtype.itemsize == g.dtype.itemsize else w
        if w.dtype != g.dtype or w.shape != g.shape:
            err.append("%s: want %s%s, got %s%s" % (k, w.dtype, w.shape, g.dtype, g.shape))
        elif np.ascontiguousarray(w).tobytes() != np.ascontiguousarray(g).tobytes():
            err.append("%s: values differ" % k)
    for k in ("__nelems__", "__origin__", "__scale__"):
        if k in exp.files and list(exp[k]) != [type(exp[k][0])(v) for v in meta[k]]:
            err.append("%s: want %s, got %s" % (k, list(exp[k]), list(meta[k])))
    print(("FAIL " if err else "ok ") + path + " [" + who + "]" + "".join("\n  " + e for e in err))
    return 1 if err else 0


if __name__ == "__main__":
    sys.exit(main())
