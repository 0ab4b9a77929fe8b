"""Hosts as network namespaces: a bridge of this machine, and one namespace a host on it.

All names begin with `sact`, and only what bears such a name is ever touched. An abstract socket
that the owner holds tells a running network from what a crashed run left behind.
"""

from __future__ import annotations

import ipaddress
import json
import os
import random
import re
import shutil
import socket
import sys
from pathlib import Path

from .processes import kill, run

PREFIX = "sact"
_ID = re.compile(rf"^({PREFIX}[0-9a-f]{{6}})(?:-\d+|v\d+)?$")
_TOOLS = ("ip", "unshare", "mount", "setpriv", "bash")


def unavailable() -> str | None:
    """Why namespaces can't be used here, or None if they can (which is tried, not guessed)."""
    if not sys.platform.startswith("linux"):
        return f"needs Linux, this is {sys.platform}"
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        return f"not installed: {', '.join(missing)} (Debian: iproute2, util-linux, mount, bash)"
    if os.geteuid() != 0:
        return "making network namespaces needs root"
    probe = Network(1)
    try:
        probe.create()
        run("ip", "netns", "exec", probe.namespace(0), "unshare", "--mount", "--uts", "true")
    except RuntimeError as refused:
        return f"namespaces are not permitted here: {refused}"
    finally:
        probe.delete()
    return None


class Network:
    """A bridge `<id>` with address `.1`, and hosts in namespaces `<id>-0`, … with `.10`, `.11`, ….

    Not thread-safe. `create` raises RuntimeError with the refused command; `delete` may be called
    at any time, ends every process inside the namespaces, and leaves nothing.
    """

    def __init__(self, hosts: int) -> None:
        self.id = f"{PREFIX}{random.getrandbits(24):06x}"
        self.hosts = hosts
        self.subnet = unused_subnet()
        self.bridge = str(self.subnet[1])
        self._owned = _claim(self.id)

    def namespace(self, host: int) -> str:
        return f"{self.id}-{host}"

    def address(self, host: int) -> str:
        return str(self.subnet[10 + host])

    def create(self) -> None:
        bits = self.subnet.prefixlen
        run("ip", "link", "add", self.id, "type", "bridge", "forward_delay", "0")
        run("ip", "address", "add", f"{self.bridge}/{bits}", "dev", self.id)
        run("ip", "link", "set", self.id, "up")
        for host in range(self.hosts):
            inside = ("ip", "-n", self.namespace(host))
            outer = f"{self.id}v{host}"
            run("ip", "netns", "add", self.namespace(host))
            run(
                "ip",
                "link",
                "add",
                outer,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                self.namespace(host),
            )
            run("ip", "link", "set", outer, "master", self.id, "up")
            run(*inside, "address", "add", f"{self.address(host)}/{bits}", "dev", "eth0")
            run(*inside, "link", "set", "lo", "up")
            run(*inside, "link", "set", "eth0", "up")
            run(*inside, "route", "add", "default", "via", self.bridge)

    def pids(self, host: int) -> list[int]:
        """All processes of a host."""
        return _pids(self.namespace(host))

    def delete(self) -> None:
        _delete(self.id)
        self._owned.close()


def unused_subnet() -> ipaddress.IPv4Network:
    """Choose a random private /24 that overlaps no address and no route of this machine.

    Raises RuntimeError if none was found.
    """
    used = [
        ipaddress.ip_network(route["dst"], strict=False)
        for route in json.loads(run("ip", "-4", "-json", "route", "show", "table", "all"))
        if route["dst"] != "default"
    ]
    # Name servers sit behind the default route, so that no route tells of their range.
    used += [ipaddress.ip_network(server) for server in _name_servers()]
    for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"):
        whole = ipaddress.IPv4Network(block)
        for _ in range(100):
            offset = random.randrange(whole.num_addresses // 256) * 256
            subnet = ipaddress.IPv4Network((int(whole[0]) + offset, 24))
            if not any(subnet.overlaps(net) for net in used):
                return subnet
    raise RuntimeError("no unused private address range on this machine")


def remove_leftovers() -> list[str]:
    """Remove the networks of runs that crashed; returns their ids. Running ones stay."""
    names = [line.split()[0] for line in run("ip", "netns", "list").splitlines() if line]
    names += [link["ifname"] for link in json.loads(run("ip", "-json", "link"))]
    found = sorted({match[1] for match in map(_ID.match, names) if match})
    removed = []
    for network in found:
        try:
            claim = _claim(network)
        except OSError:
            continue
        with claim:
            _delete(network)
        removed.append(network)
    return removed


def _claim(network: str) -> socket.socket:
    """Hold the id: the kernel lets go of an abstract socket when its process ends, however."""
    held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        held.bind(f"\0spark-arrays-cluster-{network}")
    except OSError:
        held.close()
        raise
    return held


def _name_servers() -> list[str]:
    try:
        words = [line.split() for line in Path("/etc/resolv.conf").read_text().splitlines()]
    except FileNotFoundError:
        return []
    servers = [w[1] for w in words if len(w) > 1 and w[0] == "nameserver"]
    return [server for server in servers if ":" not in server]


def _pids(namespace: str) -> list[int]:
    return [int(pid) for pid in run("ip", "netns", "pids", namespace).split()]


def _delete(network: str) -> None:
    spaces = [line.split()[0] for line in run("ip", "netns", "list").splitlines() if line]
    for space in spaces:
        if space.startswith(f"{network}-"):
            # A process may start another while it dies: until none is left.
            while pids := _pids(space):
                kill(pids)
            run("ip", "netns", "delete", space)
    links = {link["ifname"] for link in json.loads(run("ip", "-json", "link"))}
    for link in sorted(links):
        match = _ID.match(link)
        if match and match[1] == network and link != network:
            # Deleting a namespace removes its links a moment later: it may be gone by now.
            try:
                run("ip", "link", "delete", link)
            except RuntimeError as gone:
                if "Cannot find device" not in str(gone):
                    raise
    if network in links:
        run("ip", "link", "delete", network)
