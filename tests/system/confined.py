"""Runs a command as the unit confines it, as far as that goes without systemd: ``python -m tests.system.confined COMMAND``.

No capabilities, no new ones, no memory that is written and executed, and only the system calls of the unit, by a filter
of the kernel (seccomp(2)) that is made from its lines. Names of calls are those of the kernel's header.
"""

from __future__ import annotations

import ctypes
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

from tests.system.unit import values

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_MDWE = 38, 22, 65
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # with EPERM
_HEADERS = ("x86_64-linux-gnu/asm/unistd_64.h", "asm/unistd_64.h", "asm-generic/unistd.h")


def numbers() -> dict[str, int]:
    """The numbers of system calls by name."""
    for name in _HEADERS:
        path = Path("/usr/include") / name
        if path.exists():
            found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", path.read_text(encoding="utf-8"))
            return {call: int(number) for call, number in found}
    raise FileNotFoundError("These tests need the kernel's headers. On Debian: apt-get install linux-libc-dev")


def calls_of(group: str) -> set[str]:
    """The system calls of a group, or the one call that is named."""
    if not group.startswith("@"):
        return {group}
    told = subprocess.run(["systemd-analyze", "syscall-filter", group], check=True, capture_output=True, text=True)
    members = [line.strip() for line in told.stdout.splitlines()[1:] if line.strip() and "#" not in line]
    return {call for member in members for call in calls_of(member)}


def allowed() -> set[str]:
    """The system calls that the unit allows: its lines in their order."""
    calls: set[str] = calls_of("@default")
    for line in values("SystemCallFilter"):
        named = {call for group in line.removeprefix("~").split() for call in calls_of(group)}
        calls = calls - named if line.startswith("~") else calls | named
    return calls


def confine() -> None:
    """Confines this process and all that it starts."""
    known = numbers()
    chosen = sorted({known[call] for call in allowed() if call in known})
    program = [struct.pack("HBBI", _LOAD, 0, 0, 0)]
    program += [
        part
        for number in chosen
        for part in (struct.pack("HBBI", _EQUAL, 0, 1, number), struct.pack("HBBI", _RETURN, 0, 0, _ALLOW))
    ]
    program.append(struct.pack("HBBI", _RETURN, 0, 0, _REFUSE))
    code = ctypes.create_string_buffer(b"".join(program))
    system = ctypes.CDLL(None, use_errno=True)
    filtered = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    system.prctl(_PR_SET_MDWE, 1, 0, 0, 0)  # kernels before 6.3 do not know it
    if system.prctl(_PR_SET_SECCOMP, 2, filtered, 0, 0):
        raise OSError(ctypes.get_errno(), "The filter of system calls cannot be set.")


if __name__ == "__main__":
    confine()
    os.execv(sys.argv[1], sys.argv[1:])
