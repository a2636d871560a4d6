"""Lock this process up for good, before it runs a student's first line."""

import os
from dataclasses import dataclass

from course_lib.grading.sandbox import landlock, privileges, syscalls


@dataclass(frozen=True)
class Confinement:
    """What a kernel's process may do.

    Attributes
    ----------
    readable, writable : tuple of str
        Files and folders; the first writable one is where it works.
    landlock, seccomp : bool
        Whether these layers are put on.
    uid : int or None
        The user to become (root only); None stays and gives up root's capabilities.
    memory, file : int
        Bytes; see `privileges.limit`.
    cpu : int
        Seconds.
    threads : int
        Threads of the user.
    """

    readable: tuple[str, ...]
    writable: tuple[str, ...]
    landlock: bool
    seccomp: bool
    uid: int | None
    memory: int
    file: int
    cpu: int
    threads: int


def enter(limits: Confinement) -> None:
    """Put every layer on; there is no way back for this process and what comes from it.

    Raises
    ------
    OSError
        When a layer cannot be put on: then nothing of a student's may run.
    """
    parent = os.getppid()
    privileges.limit(limits.memory, limits.cpu, limits.file, limits.threads)
    if limits.uid is not None:
        privileges.give(limits.uid, limits.writable)
    if limits.landlock:
        landlock.restrict([*limits.readable, "/proc/self", "/dev/urandom", "/dev/random", "/dev/zero"],
                          [*limits.writable, "/dev/null"])  # fmt: skip
    if limits.uid is not None:
        privileges.become(limits.uid)
        privileges.die_with_parent(parent)  # a change of user forgets it
    elif os.geteuid() == 0:
        privileges.drop_capabilities()
    if limits.seccomp:
        syscalls.before_start()


def seal(limits: Confinement) -> None:
    """Take sockets away, when the kernel's own are bound."""
    if limits.seccomp:
        syscalls.after_start()
