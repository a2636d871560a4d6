"""Which layers of containment this host offers, and whether they are enough."""

import os
import platform
import sys
from dataclasses import dataclass
from functools import cache

from course_lib.grading.sandbox import landlock, namespaces, syscalls


@dataclass(frozen=True)
class Layer:
    """One layer: whether it works here, and what it does or why it is missing."""

    name: str
    active: bool
    detail: str


@dataclass(frozen=True)
class Containment:
    """The layers that kernels get."""

    namespaces: bool = False
    landlock: bool = False
    seccomp: bool = False
    own_user: bool = False

    @property
    def real(self) -> bool:
        """Whether a student's code reaches nothing but its own folder.

        Without seccomp it could leave processes behind and signal others; without
        Landlock or namespaces it could read every file of the user.
        """
        return self.seccomp and (self.landlock or self.namespaces)

    def names(self) -> list[str]:
        """Return the names of the layers, for a log."""
        return [name for name in ("namespaces", "landlock", "seccomp", "own_user") if getattr(self, name)]


NONE = Containment()


@cache
def offered() -> Containment:
    """Return what this host offers; tries each layer once."""
    if not forks():
        return NONE
    return Containment(
        namespaces=not namespaces.trouble(),
        landlock=landlock.version() > 0,
        seccomp=not syscalls.available(),
        own_user=os.geteuid() == 0,
    )


def forks() -> bool:
    """Tell whether this system can fork warm kernels and watch them: Linux 5.3 or newer."""
    return sys.platform.startswith("linux") and hasattr(os, "pidfd_open")


def describe() -> list[Layer]:
    """Return every layer with what it does, or why it is missing here."""
    if not forks():
        return [Layer("containment", False, f"only on Linux, this is {platform.system()}")]
    found = offered()
    abi = landlock.version()
    return [
        Layer(
            "namespaces",
            found.namespaces,
            namespaces.trouble() or "bubblewrap: own files, own processes, no network",
        ),
        Layer(
            "Landlock",
            found.landlock,
            f"version {abi}: only its own folder" if abi else f"not in this kernel, {platform.release()}",
        ),
        Layer(
            "seccomp",
            found.seccomp,
            syscalls.available() or "no network, no processes, no signals to others",
        ),
        Layer(
            "own user",
            found.own_user,
            "each kernel is a user of its own"
            if found.own_user
            else "only root can give kernels their own user",
        ),
        Layer("resource limits", True, "memory, processor time, file size, threads, output, folder size"),
    ]
