"""What a process may still do as a user: user id, capabilities, resource limits."""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Iterable
from pathlib import Path

# Debian leaves 60000-64999 to be given out on demand; a class needs one for each kernel at work.
FIRST_UID = 64200
UIDS = 256

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_CAPSET_VERSION = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """Be killed when the parent ends, however it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


def closed(yes: bool) -> None:
    """Close this process's memory and environment to others of the same user, or open them again."""
    _libc.prctl(_PR_SET_DUMPABLE, int(not yes), 0, 0, 0)


def give(uid: int, folders: Iterable[str]) -> None:
    """Make a user the owner of folders and of all that is in them."""
    for folder in folders:
        for place, names, files in os.walk(folder):
            for name in (".", *names, *files):
                os.chown(Path(place, name), uid, uid, follow_symlinks=False)


def become(uid: int) -> None:
    """Become another user, who belongs to no group of ours; root only."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def drop_capabilities() -> None:
    """Give up every capability of root."""
    header = struct.pack("=Ii", _CAPSET_VERSION, 0)
    if _libc.capset(header, struct.pack("=6I", *[0] * 6)):
        number = ctypes.get_errno()
        raise OSError(number, f"cannot give up root's capabilities: {os.strerror(number)}")


def limit(memory: int, cpu: int, file: int, threads: int, files: int = 256) -> None:
    """Set this process's hard limits.

    Parameters
    ----------
    memory : int
        Bytes of address space on top of what is in use now (libraries loaded before).
    cpu : int
        Seconds of processor time.
    file : int
        Bytes of the largest file.
    threads : int
        Threads of the user; no limit for root.
    files : int
        Open files.
    """
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for which, most in (
        (resource.RLIMIT_AS, used + memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, file),
        (resource.RLIMIT_NPROC, threads),
        (resource.RLIMIT_NOFILE, files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))
