"""A place of work: where a worker's kernels come from, how they are locked up, where they run."""

import contextlib
import itertools
import json
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError
from course_lib.grading import environment
from course_lib.grading.kernels.parent import Forked, Warm, ask
from course_lib.grading.kernels.talk import Talk, connection
from course_lib.grading.sandbox import layers, privileges
from course_lib.grading.settings import Orders

_MB = 1 << 20


class Place:
    """Starts contained kernels, one for each notebook, and clears away after each.

    Parameters
    ----------
    orders : Orders
        What kernels may do.

    Attributes
    ----------
    containment : Containment
        The layers that proved to hold.
    notes : list of str
        What is not as wished, for the user.
    """

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.containment = layers.NONE if orders.trusted else layers.offered()
        self.notes: list[str] = []
        self._number = itertools.count()
        self._threads = orders.limits.threads + _threads_of_user()
        if not orders.trusted:
            refuse_unless_real(self.containment)
        self.warm = self._start()

    def close(self) -> None:
        """End the warm process, every kernel, and remove the folder."""
        self.warm.close()

    @contextlib.contextmanager
    def kernel(self, files: Mapping[str, bytes]) -> Iterator[Talk]:
        """Give a fresh kernel that finds `files` in its working folder; end it afterwards.

        Raises
        ------
        KernelEnded
            When it does not start.
        WarmGoneError
            When the warm process is gone; another place is needed.
        """
        with self._job() as (home, sockets):
            lay(home, files)
            ends = connection(sockets)
            file = sockets / "kernel.json"
            file.write_text(json.dumps(ends))
            forked = self._fork(home, sockets, {"connection_file": str(file)})
            talk = Talk(forked, ends, self.orders.limits, home)
            try:
                yield talk
            finally:
                talk.close()

    def examine(self) -> list[str]:
        """Return what a contained process can do and must not; ``!`` marks what it cannot and must."""
        with self._job() as (home, sockets), socket.create_server(("127.0.0.1", 0)) as listener:
            targets = {
                "secret": str(self.warm.folder / "zygote.log"), "port": listener.getsockname()[1], "home": str(home)
            }  # fmt: skip
            self._fork(home, sockets, {"examine": targets}).poll(60)
            try:
                return list(json.loads((home / "examined.json").read_text()))
            except (OSError, ValueError):
                return ["!start at all"]

    def _start(self) -> Warm:
        """Start the warm process with the most layers that hold."""
        warm = Warm(self.orders.preload, self.containment.namespaces, self.orders.readable, self.notes).start()
        if self.orders.trusted:
            return warm
        self.warm = warm
        wrong = self.examine()
        if wrong and self.containment.own_user:
            # Another user cannot read what Python needs, for example below a home folder.
            self.containment = replace(self.containment, own_user=False)
            wrong = self.examine()
        if wrong:
            warm.close()
            raise CourseError(
                f"containment does not hold on this machine; a contained kernel can: {', '.join(wrong)}.",
                remedy="Run `course doctor`; grade in a container or a virtual machine, or say "
                "--trust-submissions if you trust every student's code.",
            )
        return warm

    @contextlib.contextmanager
    def _job(self) -> Iterator[tuple[Path, Path]]:
        folder = self.warm.folder / f"{os.getpid()}-{next(self._number)}"
        home, sockets = folder / "home", folder / "k"
        for made in (folder, home, sockets):
            made.mkdir()
        try:
            yield home, sockets
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _fork(self, home: Path, sockets: Path, what: dict[str, Any]) -> Forked:
        request = {
            "cwd": str(home),
            "log": str(sockets / "log"),
            "env": environment.of_kernel(os.environ, home, sockets) | {"NBGRADER_EXECUTION": "autograde"},
            "confinement": None if self.orders.trusted else self._confinement(home, sockets),
            **what,
        }
        return ask(self.warm.folder, request)

    def _confinement(self, home: Path, sockets: Path) -> dict[str, Any]:
        limits = self.orders.limits
        return {
            "readable": self.orders.readable,
            "writable": [str(home), str(sockets)],
            "landlock": self.containment.landlock,
            "seccomp": self.containment.seccomp,
            # Warm processes that work at the same time keep to users of their own.
            "uid": privileges.FIRST_UID + os.getpid() % 24 * 32 if self.containment.own_user else None,
            "memory": limits.memory_mb * _MB,
            "file": limits.file_mb * _MB,
            "cpu": limits.cpu_seconds,
            "threads": limits.threads if self.containment.own_user else self._threads,
        }


def refuse_unless_real(containment: layers.Containment) -> None:
    """Raise `CourseError` when the layers are too few to run a stranger's code."""
    if not containment.real:
        missing = "; ".join(f"{one.name}: {one.detail}" for one in layers.describe() if not one.active)
        raise CourseError(
            f"this machine cannot contain the students' code ({missing}).",
            remedy="Grade on Linux with Landlock or bubblewrap and libseccomp, see `course doctor`; or say "
            "--trust-submissions when you accept that their code runs with your rights.",
        )


def lay(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder; names stay inside it."""
    for name, content in files.items():
        path = folder / name
        if path.is_absolute() != folder.is_absolute() or ".." in Path(name).parts:
            raise ValueError(f"{name!r} leads out of the folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _threads_of_user() -> int:
    """Return how many threads this user has now: the system counts them all against a limit."""
    mine, total = os.getuid(), 0
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if entry.stat().st_uid == mine:
                total += len(os.listdir(entry / "task"))  # noqa: PTH208 - half the time
    return total
