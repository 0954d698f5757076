"""Where processes listen, as the kernel knows it."""

import ipaddress
from pathlib import Path

_LISTEN = "0A"


def listened(pids):
    """Returns the addresses at which processes listen."""
    inodes = {inode for pid in pids for inode in _sockets(pid)}
    return [
        _address(local)
        for name in ("tcp", "tcp6")
        for local, state, inode in _rows(Path("/proc/net") / name)
        if state == _LISTEN and inode in inodes
    ]


def _rows(path):
    for line in path.read_text().splitlines()[1:]:
        fields = line.split()
        yield fields[1], fields[3], fields[9]


def _sockets(pid):
    try:
        links = [str(p.readlink()) for p in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:  # It has ended.
        return []
    return [link[8:-1] for link in links if link.startswith("socket:[")]


def _address(local):
    """Returns an address, which the kernel writes as words of the machine."""
    words = local.partition(":")[0]
    number = b"".join(
        bytes.fromhex(words[n : n + 8])[::-1] for n in range(0, len(words), 8)
    )
    address = ipaddress.ip_address(number)
    return getattr(address, "ipv4_mapped", None) or address
