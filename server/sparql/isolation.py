"""Isolates a worker process before it runs visitors' queries (Linux).

- memory: an address space no larger than the ceiling above what it has (`RLIMIT_AS`);
- network: a network namespace of its own, empty (`unshare`), with a user namespace where the server is not root; where
  the kernel refuses both, Landlock at least refuses TCP;
- files: Landlock allows to read below the store's folder and nothing else, no writing, no executing;
- rights: it keeps no capability, of root's or of its user namespace, and can gain none;
- life: it ends with its parent (`PR_SET_PDEATHSIG`) and first when memory is short, and dumps no core.

Each step that the system does not offer is left out, and `isolate` returns what holds, so that it can be shown. On
other systems nothing holds but the deadline.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import posix
import resource
import signal
import sys
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 24, 38
_CAPABILITIES_3 = 0x20080522  # the version of capset(2) with two words of 32 capabilities
_FIRST_TO_END = "800"
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # The same numbers on every architecture.
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILE_RIGHTS = ((1, 13), (2, 14), (3, 15), (5, 16))  # ABI version, number of rights on files it knows
_TCP = 0b11
_STACK = 64 << 20


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def tie_to_parent(parent: int) -> None:
    """Makes the kernel kill this process when its parent ends (PR_SET_PDEATHSIG). Exits at once when that has happened
    already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(0)


def leave_network() -> bool:
    """Moves the process into an empty network namespace; whether that worked. Call it before there are threads."""
    if sys.platform != "linux":
        return False
    unshare = ctypes.CDLL(None).unshare
    return bool(unshare(_CLONE_NEWNET) == 0 or unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)


def drop_rights() -> bool:
    """Gives up all capabilities for good; whether there are none. Call it when namespaces are left."""
    if sys.platform != "linux":
        return False
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for capability in range(64):
        system.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    return bool(system.capset(ctypes.byref(header), ctypes.byref(nothing)) == 0)


def forget_environment() -> None:
    """Overwrites what this process was given as its environment, also where ``/proc`` shows it."""
    for value in posix.environ.values():
        if len(value) > 1:  # shorter ones are not of this environment alone
            ctypes.memset(id(value) + bytes.__basicsize__ - 1, 0, len(value))
    os.environ.clear()
    if sys.platform == "linux":
        told = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        start, end = map(int, told[47:49])
        ctypes.memset(start, 0, end - start)


def end_first() -> None:
    """Makes this process the first that the kernel ends when memory is short (oom_score_adj)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_END, encoding="ascii")


def allow_deep_stack() -> None:
    """Lets the main thread's stack grow far enough for any query the gate lets through."""
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    if hard == resource.RLIM_INFINITY or hard >= _STACK:
        resource.setrlimit(resource.RLIMIT_STACK, (_STACK, hard))


def limit_memory(ceiling: int) -> bool:
    """Allows ``ceiling`` bytes of address space above what the process has now; whether the system counts it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return False
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + ceiling
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return True


def restrict_files(folder: Path) -> tuple[bool, bool]:
    """Leaves reading below the folder as the only use of files; whether files, and whether TCP, are restricted."""
    if sys.platform != "linux":
        return False, False
    system = ctypes.CDLL(None, use_errno=True)
    version = system.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if version < 1 or system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False, False
    known = max(number for least, number in _FILE_RIGHTS if version >= least)
    network = _TCP if version >= 4 else 0
    rules = _Ruleset((1 << known) - 1, network, 0)
    size = 24 if version >= 6 else 16 if network else 8
    ruleset = system.syscall(_LANDLOCK_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return False, False
    opened = os.open(folder, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    try:
        rule = _Beneath(_READ_FILE | _READ_FOLDER, opened)
        added = system.syscall(_LANDLOCK_ADD, ruleset, 1, ctypes.byref(rule), ctypes.c_uint32(0))
        held = added == 0 and system.syscall(_LANDLOCK_RESTRICT, ruleset, ctypes.c_uint32(0)) == 0
    finally:
        os.close(opened)
        os.close(ruleset)
    return held, held and bool(network)
