"""A place of work: where a worker's kernels come from, how they are locked up, where they run."""

import contextlib
import json
import os
import platform
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError
from course_lib.grading import environment
from course_lib.grading.kernels import early
from course_lib.grading.kernels.cold import ColdKernel
from course_lib.grading.kernels.parent import Forked, Warm, ask
from course_lib.grading.kernels.talk import Talk, connection
from course_lib.grading.sandbox import layers, privileges
from course_lib.grading.settings import Orders

_MB = 1 << 20


@dataclass(frozen=True)
class Shared:
    """A place of work that several processes use: where it is, and which layers proved to hold."""

    folder: str
    containment: layers.Containment


class Place:
    """Starts contained kernels, one for each notebook, and clears away after each.

    Parameters
    ----------
    orders : Orders
        What kernels may do.
    shared : Shared, optional
        Another process's place, to be used; without it, a place of its own is made.
    begun : Warm, optional
        A warm process that has begun, to be used if it is as wanted.

    Attributes
    ----------
    containment : Containment
        The layers that proved to hold.
    notes : list of str
        What is not as wished, for the user.
    """

    def __init__(self, orders: Orders, shared: Shared | None = None, begun: Warm | None = None) -> None:
        self.orders = orders
        self.containment = layers.offered()
        self.notes: list[str] = []
        self._readable = environment.readable(orders.readable, orders.hidden_data)
        self._threads = orders.limits.threads + _threads_of_user()
        self._warm: Warm | None = None
        self._begun = begun
        self._folder: Path | None = None
        if not self.containment.real:
            if not orders.trusted:
                refuse_unless_real(self.containment)
            self.containment = layers.NONE
        if shared:
            self._folder, self.containment = Path(shared.folder), shared.containment
        elif layers.forks():
            self._start()
        else:
            self.notes.append(f"kernels start cold: {platform.system()} cannot fork them safely")

    @property
    def shared(self) -> Shared | None:
        """What another process needs to work here, too; None when the kernels would see each other."""
        apart = self.containment.landlock or self.containment.own_user or not self.containment.real
        return Shared(str(self._folder), self.containment) if self._folder and apart else None

    def remember(self, root: Path, assignment: str) -> None:
        """Let the next run of the assignment begin with this place's warm process."""
        if self._warm:
            early.remember(root, assignment, self._warm)

    def close(self) -> None:
        """End the warm process, every kernel, and remove the folder."""
        if self._warm:
            self._warm.close()

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
            kernel, ends = self._kernel(home, sockets)
            watched = home if self.shared else home.parent.parent
            talk = Talk(kernel, ends, self.orders.limits, watched)
            try:
                yield talk
            finally:
                talk.close()

    def _kernel(self, home: Path, sockets: Path) -> tuple[Forked | ColdKernel, dict[str, Any]]:
        file = sockets / "kernel.json"
        if self._folder is None:
            cold = ColdKernel(home, file, environment.clean(os.environ) | {"NBGRADER_EXECUTION": "autograde"})
            return cold, cold.connection
        ends = connection(sockets)
        file.write_text(json.dumps(ends))
        # IPython's own way shows five lines of each function in colours, and takes longer than most cells.
        return self._fork(home, sockets, {"connection_file": str(file), "tracebacks": "Plain"}), ends

    def examine(self) -> list[str]:
        """Return what a contained process can do and must not; ``!`` marks what it cannot and must."""
        assert self._folder  # a cold place has nothing to examine
        with self._job() as (home, sockets), socket.create_server(("127.0.0.1", 0)) as listener:
            secret, port = str(self._folder / "zygote.log"), listener.getsockname()[1]
            targets = {"secret": secret, "port": port, "home": str(home)}
            self._fork(home, sockets, {"examine": targets}).poll(60)
            try:
                return list(json.loads((home / "examined.json").read_text()))
            except (OSError, ValueError):
                return ["!start at all"]

    def _start(self) -> None:
        """Start the warm process with the most layers that hold."""
        wrong = self._wrong()
        if wrong and not self.orders.trusted:
            self.close()
            raise CourseError(
                f"containment does not hold on this machine; a contained kernel can: {', '.join(wrong)}.",
                remedy="Run `course doctor`; grade in a container or a virtual machine, or say "
                "--trust-submissions if you trust every student's code.",
            )
        if wrong:
            self.close()
            self.containment = layers.NONE
            self._wrong()

    def _wrong(self) -> list[str]:
        """Start the warm process; return what its kernels can do and must not, or cannot and must."""
        wanted = Warm(self.orders.preload, self.containment.namespaces, self._readable)
        begun, self._begun = self._begun, None
        if begun and begun.same(wanted):
            wanted = begun
        elif begun:
            begun.close()
        self._warm = wanted
        self.notes = wanted.start().notes
        self._folder = self._warm.folder
        if not self.containment.real:
            return []
        wrong = self.examine()
        if wrong and self.containment.own_user:
            # Another user cannot read what Python needs, for example below a home folder.
            self.containment = replace(self.containment, own_user=False)
            wrong = self.examine()
        return wrong

    @contextlib.contextmanager
    def _job(self) -> Iterator[tuple[Path, Path]]:
        jobs = self._folder / "jobs" if self._folder else None
        folder = Path(tempfile.mkdtemp(prefix="job-", dir=jobs))
        folder.chmod(0o711)
        home, sockets = folder / "home", folder / "k"
        home.mkdir()
        sockets.mkdir()
        try:
            yield home, sockets
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if jobs and not self.shared:
                # Without Landlock, a kernel can leave files beside its own folder.
                for left in jobs.iterdir():
                    shutil.rmtree(left, ignore_errors=True)

    def _fork(self, home: Path, sockets: Path, what: dict[str, Any]) -> Forked:
        request = {
            "cwd": str(home),
            "log": str(sockets / "log"),
            "env": environment.of_kernel(os.environ, home, sockets) | {"NBGRADER_EXECUTION": "autograde"},
            "confinement": self._confinement(home, sockets) if self.containment.real else None,
            **what,
        }
        assert self._folder  # a cold place does not come here
        return ask(self._folder, request)

    def _confinement(self, home: Path, sockets: Path) -> dict[str, Any]:
        limits = self.orders.limits
        return {
            "readable": self._readable,
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
