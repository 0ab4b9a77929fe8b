"""Independent GenericIO reader/writer in plain Python + numpy (own code, written from the
format notes; no code from the GenericIO project).

Not fast: the CRC is a table loop.  Meant for test data of up to a few MB.
Blosc chunks need one of the PyPI packages `blosc` or `numcodecs`.
"""
import os
import struct

import numpy as np

MAGIC = {"<": b"HACC01L\0", ">": b"HACC01B\0"}
FLOAT, SIGNED, COORD_X, COORD_Y, COORD_Z, GHOST = 1, 2, 4, 8, 16, 32

# ---- CRC-64/XZ: reflected ECMA-182, start and final xor all ones --------------------------
_T = []
for _i in range(256):
    _c = _i
    for _ in range(8):
        _c = (_c >> 1) ^ (0xC96C5795D7870F42 if _c & 1 else 0)
    _T.append(_c)
ONES = (1 << 64) - 1


def crc64(data):
    c = ONES
    t = _T
    for b in bytes(data):
        c = t[(c ^ b) & 255] ^ (c >> 8)
    return c ^ ONES


def tail(data):
    """The 8 bytes that follow `data` in a file: always little endian, in either file kind."""
    return struct.pack("<Q", crc64(data) ^ ONES)


def blosc_decompress(buf):
    try:
        import blosc
        return blosc.decompress(bytes(buf))
    except ImportError:
        from numcodecs import blosc as nb
        return nb.decompress(bytes(buf))


class Bad(Exception):
    pass


class GioFile:
    def __init__(self, path, verify=True):
        self.path, self.verify = path, verify
        with open(path, "rb") as f:
            self.raw = f.read()
        raw = self.raw
        if len(raw) < 104:
            raise Bad("too short for a global header")
        if raw[:7] == MAGIC["<"][:7]:
            e = "<"
        elif raw[:7] == MAGIC[">"][:7]:
            e = ">"
        else:
            raise Bad("not a GenericIO file")
        self.endian = e
        u = lambda off, n=1: struct.unpack_from(e + "%dQ" % n, raw, off)
        (self.header_size, self.nelems) = u(8, 2)
        self.dims = u(24, 3)
        (self.nvars, self.vars_size, self.vars_start, self.nranks, self.ranks_size,
         self.ranks_start, self.ghs) = u(48, 7)
        if self.header_size + 8 > len(raw):
            raise Bad("truncated header")
        if verify and crc64(raw[:self.header_size + 8]) != ONES:
            raise Bad("header CRC")
        d = lambda off: struct.unpack_from(e + "3d", raw, off) if self.ghs >= off + 24 else (0.0,) * 3
        self.origin, self.scale = d(104), d(128)
        self.blocks_size = self.blocks_start = 0
        if self.ghs >= 168:
            self.blocks_size, self.blocks_start = u(152, 2)
        self.octree = None
        if self.ghs >= 184:
            osz, ost = u(168, 2)
            if osz:
                self.octree = raw[ost:ost + osz]
        self.vars = []
        for j in range(self.nvars):
            o = self.vars_start + j * self.vars_size
            name = raw[o:o + 256].split(b"\0")[0].decode("utf-8")
            flags, size = u(o + 256, 2)
            es = u(o + 272)[0] if self.vars_size >= 280 else size
            self.vars.append((name, flags, size, es))
        self.ranks = []
        for r in range(self.nranks):
            o = self.ranks_start + r * self.ranks_size
            c = u(o, 3)
            n, start = u(o + 24, 2)
            g = u(o + 40)[0] if self.ranks_size >= 48 else r
            self.ranks.append((c, n, start, g))

    def dtype(self, j):
        _, flags, size, es = self.vars[j]
        k = "f" if flags & FLOAT else ("i" if flags & SIGNED else "u")
        return np.dtype(self.endian + k + str(es)), size // es

    def chunk(self, r, j):
        """(offset, stored bytes without the CRC, filter name or None)"""
        _, n, off, _ = self.ranks[r]
        if self.blocks_size:
            o = self.blocks_start + (r * self.nvars + j) * self.blocks_size
            flt = self.raw[o:o + 8].split(b"\0")[0].decode()
            start, size = struct.unpack_from(self.endian + "2Q", self.raw, o + 32)
            return start, size, flt or None
        for jj in range(j):
            off += n * self.vars[jj][2] + 8
        return off, n * self.vars[j][2], None

    def read(self, r, j):
        start, size, flt = self.chunk(r, j)
        if start + size + 8 > len(self.raw):
            raise Bad("truncated data")
        body = self.raw[start:start + size]
        if self.verify and tail(body) != self.raw[start + size:start + size + 8]:
            raise Bad("data CRC, rank %d, %s" % (r, self.vars[j][0]))
        n = self.ranks[r][1]
        if flt == "BLOSC":
            want, = struct.unpack_from(self.endian + "Q", body, 0)
            body = blosc_decompress(body[8:])
            if self.verify and crc64(body) != want:
                raise Bad("CRC after decompression")
        elif flt:
            raise Bad("unknown filter " + flt)
        dt, m = self.dtype(j)
        a = np.frombuffer(body, dt, n * m).astype(dt.newbyteorder("="))
        return a.reshape(n, m) if m > 1 else a


class Dataset:
    """A file, or a rank map with its '#N' part files."""

    def __init__(self, path, verify=True):
        f = GioFile(path, verify)
        names = [v[0] for v in f.vars]
        if "$partition" in names:
            ps = [int(p) for p in f.read(0, names.index("$partition"))]
            parts = {p: GioFile("%s#%d" % (path, p), verify) for p in sorted(set(ps))}
            self.blocks = []
            for rank, p in enumerate(ps):
                q = parts[p]
                i = next(i for i, x in enumerate(q.ranks) if x[3] == rank)
                self.blocks.append((q, i))
            f = self.blocks[0][0]
        else:
            self.blocks = [(f, r) for r in range(f.nranks)]
        self.file = f
        self.names = [v[0] for v in f.vars]
        self.counts = [q.ranks[i][1] for q, i in self.blocks]

    def column(self, name):
        j = self.names.index(name)
        return np.concatenate([q.read(i, j) for q, i in self.blocks])


def write(path, columns, ranks, *, endian="<", origin=(0, 0, 0), scale=(0, 0, 0), dims=None,
          coords=None, global_ranks=None, flags=None, blocks=False, ghs=168, vars_size=280,
          ranks_size=48, octree=b"", drop_element_size=False, pad_header=0):
    """columns: [(name, dtype, width)]; ranks: per rank a list of arrays, one per column."""
    e, R, V = endian, len(ranks), len(columns)
    flags = flags or {}
    vars_start = ghs + len(octree)
    ranks_start = vars_start + V * vars_size
    blocks_start = ranks_start + R * ranks_size
    hs = blocks_start + (R * V * 48 if blocks else 0) + pad_header
    h = bytearray(hs)
    counts = [len(r[0]) if r else 0 for r in ranks]
    h[:8] = MAGIC[e]
    pu = lambda off, *v: struct.pack_into(e + "%dQ" % len(v), h, off, *v)
    pu(8, hs, sum(counts), *(dims or (R, 1, 1)), V, vars_size, vars_start, R, ranks_size,
       ranks_start, ghs)
    if ghs >= 152:
        struct.pack_into(e + "6d", h, 104, *origin, *scale)
    if ghs >= 168:
        pu(152, *((48, blocks_start) if blocks else (0, 0)))
    if ghs >= 184:
        pu(168, len(octree), ghs if octree else 0)
    h[ghs:ghs + len(octree)] = octree
    for j, (name, dt, width) in enumerate(columns):
        dt = np.dtype(dt)
        o = vars_start + j * vars_size
        nb = name.encode()
        h[o:o + len(nb)] = nb
        fl = {"f": FLOAT | SIGNED, "i": SIGNED, "u": 0}[dt.kind] | flags.get(name, 0)
        pu(o + 256, fl, dt.itemsize * width)
        if vars_size >= 280:
            pu(o + 272, dt.itemsize)
    data = bytearray()
    for r in range(R):
        o = ranks_start + r * ranks_size
        pu(o, *((coords or [(i, 0, 0) for i in range(R)])[r]), counts[r], hs + 8 + len(data))
        if ranks_size >= 48:
            pu(o + 40, (global_ranks or range(R))[r])
        for j, (name, dt, width) in enumerate(columns):
            body = np.asarray(ranks[r][j]).astype(np.dtype(dt).newbyteorder(e)).tobytes()
            if blocks:
                pu(blocks_start + (r * V + j) * 48 + 32, hs + 8 + len(data), len(body))
            data += body + tail(body)
    with open(path, "wb") as f:
        f.write(bytes(h) + tail(h) + bytes(data))


def expected(path, columns, ranks, origin, scale, out):
    """Expected content as one .npz: columns joined in rank order, plus a few '__' keys."""
    d = {}
    for j, (name, dt, width) in enumerate(columns):
        d[name] = np.concatenate([np.asarray(r[j]).astype(dt) for r in ranks])
    np.savez_compressed(out, __nelems__=np.array([len(r[0]) for r in ranks], "i8"),
                        __origin__=np.array(origin, "f8"), __scale__=np.array(scale, "f8"), **d)
