"""seccomp: system calls that a student's kernel may not make, on every processor.

Two filters. `before_start` goes on before any code of a student runs: no program, no
process, no network, no signal to others, no view into others. `after_start` goes on when
the kernel's own sockets are bound, and takes sockets away altogether.
"""

import errno
import os
from typing import Any

_CLONE_THREAD = 0x10000
_WORD = 0xFFFFFFFF

_NEVER = (
    # other processes: look into, steer, starve
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp",
    "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "tkill",
    "setpriority", "ioprio_set", "migrate_pages", "move_pages",
    # new programs and processes
    "fork", "vfork", "execve", "execveat",
    # namespaces, mounts, the machine
    "unshare", "setns", "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree",
    "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "init_module", "finit_module",
    "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "sethostname",
    "setdomainname", "acct", "quotactl", "quotactl_fd", "syslog", "settimeofday", "clock_settime",
    "clock_adjtime", "adjtimex", "iopl", "ioperm", "personality", "vhangup",
    # parts of the kernel that had many holes, and that no course needs
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "add_key", "request_key", "keyctl", "open_by_handle_at", "name_to_handle_at", "fanotify_init",
    # memory that no limit counts
    "memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "semget", "semop", "semctl",
    "semtimedop", "msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink",
)  # fmt: skip
_OF_OTHERS = ("prlimit64", "sched_setaffinity", "sched_setparam", "sched_setattr")


def available() -> str:
    """Return ``""`` when filters can be made here, else why not."""
    try:
        import pyseccomp  # noqa: F401
    except ImportError:
        return "the package pyseccomp is not installed"
    except RuntimeError:
        return "the library libseccomp is missing (Debian: apt-get install libseccomp2)"
    return ""


def before_start() -> None:
    """Filter this thread and what comes from it; call it in the process that is to be locked.

    Raises
    ------
    OSError
        When the kernel refuses.
    """
    import pyseccomp as sc

    rules = _new()
    for name in _NEVER:
        _deny(rules, name)
    # glibc falls back to clone(), whose flags a filter can read.
    _deny(rules, "clone3", code=errno.ENOSYS)
    _deny(rules, "clone", sc.Arg(0, sc.MASKED_EQ, _CLONE_THREAD, 0))
    for name in ("kill", "tgkill"):
        _deny(rules, name, sc.Arg(0, sc.NE, os.getpid()))
    for name in _OF_OTHERS:
        _deny(rules, name, sc.Arg(0, sc.NE, 0))
    # ZeroMQ gives its own threads the ordinary policy, 0.
    _deny(rules, "sched_setscheduler", sc.Arg(0, sc.NE, 0), sc.Arg(1, sc.NE, 0))
    _deny(rules, "prctl", sc.Arg(0, sc.MASKED_EQ, _WORD, 1))  # the signal at its parent's death stays
    for command in (8, 10, 15):  # F_SETOWN, F_SETSIG, F_SETOWN_EX: signals by way of a file
        _deny(rules, "fcntl", sc.Arg(1, sc.MASKED_EQ, _WORD, command))
    for command in (0x8901, 0x8902, 0x5412):  # FIOSETOWN, SIOCSPGRP, TIOCSTI
        _deny(rules, "ioctl", sc.Arg(1, sc.MASKED_EQ, _WORD, command))
    for name in ("socket", "socketpair"):
        _deny(rules, name, sc.Arg(0, sc.NE, 1))  # only AF_UNIX ...
        for kind in (2, 3, 4, 5, 6, 10):  # ... and only streams: a datagram needs no connection
            _deny(rules, name, sc.Arg(0, sc.EQ, 1), sc.Arg(1, sc.MASKED_EQ, 0xF, kind))
    rules.load()


def after_start() -> None:
    """Take sockets away from all threads of this process; bound ones go on accepting."""
    import pyseccomp as sc

    rules = _new()
    rules.set_attr(sc.Attr.CTL_TSYNC, 1)
    for name in ("socket", "connect", "bind", "listen"):
        _deny(rules, name)
    rules.load()


def _new() -> Any:
    import pyseccomp as sc

    # libseccomp gives up new rights by itself, and kills what calls by another processor's numbers.
    return sc.SyscallFilter(sc.ALLOW)


def _deny(rules: Any, name: str, *arguments: Any, code: int = errno.EPERM) -> None:
    import pyseccomp as sc

    try:
        rules.add_rule(sc.ERRNO(code), name, *arguments)
    except OSError:
        # Not every processor has every call, and an older library does not know the newest.
        if arguments:
            raise
