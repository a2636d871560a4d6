"""Landlock: a process gives up, for good, all files but the named ones.

No maintained package wraps it, and it is three system calls.  The numbers are those of
``include/uapi/linux/landlock.h``; the calls have the same numbers on every processor.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_PR_SET_NO_NEW_PRIVS = 38

_EXECUTE, _WRITE, _READ, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_ON_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
_TCP = 0b11  # bind and connect
_SCOPE = 0b11  # abstract sockets and signals of other processes

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Return the version of Landlock that the kernel offers; 0 without it."""
    found = int(_libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1))
    return max(found, 0)


def _all_rights(abi: int) -> int:
    """Return every file right that this version knows: 13 first, then one or two a version."""
    known = {1: 13, 2: 14, 3: 15, 4: 15}
    return int((1 << known.get(abi, 16)) - 1)


def restrict(readable: Iterable[str | Path], writable: Iterable[str | Path]) -> None:
    """Leave this thread and its children the named files and folders, nothing else.

    Parameters
    ----------
    readable, writable : iterable of path
        What may be read, and what may also be changed; a missing one is left out.

    Raises
    ------
    OSError
        When the kernel refuses.
    """
    abi = version()
    if not abi:
        raise OSError("this kernel has no Landlock")
    files = _all_rights(abi)
    attributes = struct.pack("=QQQ", files, _TCP if abi >= 4 else 0, _SCOPE if abi >= 6 else 0)
    ruleset = _check(_libc.syscall(_CREATE, attributes, ctypes.c_size_t(_size(abi)), 0), "create a ruleset")
    try:
        for path in readable:
            _allow(ruleset, path, files & (_EXECUTE | _READ | _READ_DIR))
        for path in writable:
            _allow(ruleset, path, files)
        _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up new rights")
        _check(_libc.syscall(_RESTRICT, ruleset, 0), "restrict itself")
    finally:
        os.close(ruleset)


def _size(abi: int) -> int:
    """Return the bytes of the attributes that this version reads."""
    return 8 if abi < 4 else 16 if abi < 6 else 24


def _allow(ruleset: int, path: str | Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _ON_FILES
        rule = struct.pack("=Qi", rights, place)
        _check(_libc.syscall(_ADD, ruleset, 1, rule, 0), f"allow {path}")
    finally:
        os.close(place)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock cannot {what}: {os.strerror(number)}")
    return int(result)
