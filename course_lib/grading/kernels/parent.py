"""Start the warm process, ask it for kernels, and hold each kernel's life line."""

import contextlib
import json
import os
import queue
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from course_lib.errors import CourseError
from course_lib.grading import environment
from course_lib.grading.sandbox import namespaces

PREFIX = "cw-"  # of the folders of warm processes
_PATIENCE = 120  # seconds for the libraries to load on a slow disk


class WarmGoneError(OSError):
    """The warm process is gone, or cannot fork any more."""


@dataclass
class Forked:
    """A forked kernel: its owner's end of the life line.

    Attributes
    ----------
    pid : int
        In the warm process's own numbers, which may not be this process's.
    ended : dict or None
        ``exit`` (negative: the signal that killed it), ``cpu`` in seconds, ``peak_mb``;
        None while it runs. ``lost`` is there when the warm process ended without a word.
    """

    pid: int
    line: socket.socket
    ended: dict[str, Any] | None = None

    def poll(self, wait: float = 0) -> dict[str, Any] | None:
        """Return how it ended, or None while it runs; waits up to `wait` seconds."""
        if self.ended is None and select.select([self.line], [], [], max(wait, 0))[0]:
            try:
                self.ended = json.loads(_line(self.line))
            except (OSError, ValueError):
                self.ended = {"exit": -signal.SIGKILL, "cpu": 0.0, "peak_mb": 0, "lost": True}
            self.line.close()
        return self.ended

    def signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            with contextlib.suppress(OSError):
                self.line.sendall(json.dumps({"signal": number}).encode() + b"\n")

    def kill(self) -> dict[str, Any]:
        """End it, and return how it ended."""
        self.signal(signal.SIGKILL)
        if self.poll(10) is None:
            self.line.close()  # the warm process itself hangs or is gone; this ends the kernel, too
            self.ended = {"exit": -signal.SIGKILL, "cpu": 0.0, "peak_mb": 0}
        return self.ended or {}


@dataclass
class Warm:
    """The warm process and its folder.

    Parameters
    ----------
    preload : list of str
        Modules to import, and functions to call, written ``module:function``.
    namespaces : bool
        Whether it runs inside bubblewrap, with `readable` and its folder in sight.
    readable : list of str
        What its kernels may read.

    Attributes
    ----------
    folder : Path
        A private folder with a short name; jobs have theirs in its folder ``jobs``.
    notes : list of str
        What is not as wished, for the user: libraries that are left to the notebooks, and why.
    """

    preload: list[str]
    namespaces: bool
    readable: list[str]
    notes: list[str] = field(default_factory=list)

    process: "subprocess.Popen[bytes] | None" = None

    def begin(self) -> "Warm":
        """Start the process, and do not wait for it."""
        place = _short_folder()
        _sweep(place)
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        _font_list(self.folder / "matplotlib")
        self._launch(self.preload)
        return self

    def start(self) -> "Warm":
        """Start the process, unless it has begun, and wait until its libraries are loaded.

        Raises
        ------
        CourseError
            When it does not start at all.
        """
        if self.process is None:
            self.begin()
        hello = self._hello()
        if hello["noisy"]:
            self.notes.append(
                f"not preloaded, because they print while they load: {', '.join(hello['noisy'])}"
            )
            hello = self._again([name for name in self.preload if name not in hello["noisy"]])
        if hello["threads"] > 1:
            self.notes.append("kernels start cold: the preloaded libraries start threads of their own")
            hello = self._again([])
        self.notes += [f"cannot be preloaded: {name}" for name in hello["missing"]]
        return self

    def same(self, other: "Warm") -> bool:
        """Tell whether another one would be started in the same way."""
        ours, theirs = ((one.preload, one.namespaces, one.readable) for one in (self, other))
        return ours == theirs

    def close(self) -> None:
        """End the process, its kernels and its folder."""
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _again(self, preload: list[str]) -> dict[str, Any]:
        self._stop()
        self._launch(preload)
        return self._hello()

    def _launch(self, preload: list[str]) -> None:
        place = self.folder / "zygote"
        place.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, (self.folder / "zygote.log").open("wb") as log:
            listener.bind(str(place))
            listener.listen(64)
            jobs = self.folder / "jobs"
            jobs.mkdir(exist_ok=True)
            for place in (self.folder, jobs):
                place.chmod(0o711)  # a kernel that is another user passes through, and cannot list it
            settings = {"preload": preload, "listener": listener.fileno(), "jobs": str(jobs)}
            module = "course_lib.grading.kernels.zygote"
            command = [sys.executable, "-m", module, json.dumps(settings)]
            if self.namespaces:
                inside = [jobs, self.folder / "matplotlib"]
                command = namespaces.wrap(command, self.readable, inside)
            self.process = _in_lasting_thread(
                partial(
                    subprocess.Popen,
                    command,
                    cwd=self.folder,
                    env=environment.warm(os.environ) | {"MPLCONFIGDIR": str(self.folder / "matplotlib")},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    pass_fds=(listener.fileno(),),
                    start_new_session=True,  # Ctrl-C reaches the driver only
                )
            )

    def _hello(self) -> dict[str, Any]:
        """Wait for the process's first words."""
        assert self.process and self.process.stdout  # it was launched, and the pipe asked for
        pipe, deadline, text = self.process.stdout, time.monotonic() + _PATIENCE, b""
        while (
            not text.endswith(b"\n")
            and select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]
        ):
            part = os.read(pipe.fileno(), 1 << 16)
            if not part:
                break
            text += part
        try:
            return dict(json.loads(text))
        except ValueError:
            self._stop()
            said = (self.folder / "zygote.log").read_text(errors="replace").strip().splitlines()
            raise CourseError(
                f"the process that starts kernels does not start: {said[-1] if said else 'it is silent'}.",
                remedy="Run `course doctor`; with --trust-submissions kernels start without containment.",
            ) from None

    def _stop(self) -> None:
        if self.process is None:
            return
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def ask(folder: Path, request: dict[str, Any]) -> Forked:
    """Ask the warm process of a folder for a kernel; the request's keys are those of `child.run`.

    Raises
    ------
    WarmGoneError
        When there is no kernel to be had from it.
    """
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(str(folder / "zygote"))
        line.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(_line(line) or '{"fault": "it is gone"}')
    except (OSError, ValueError) as why:
        answer = {"fault": str(why)}
    if "pid" not in answer:
        line.close()
        raise WarmGoneError(f"the warm process cannot start a kernel ({answer['fault']})")
    return Forked(answer["pid"], line)


def _in_lasting_thread(start: Callable[[], Any]) -> Any:
    """Start a process from a thread that lives as long: for Linux, that thread is its parent."""
    if threading.current_thread() is threading.main_thread():
        return start()
    started: queue.Queue[Any] = queue.Queue()

    def live() -> None:
        try:
            process = start()
        except OSError as why:
            started.put(why)
            return
        started.put(process)
        process.wait()

    threading.Thread(target=live, daemon=True, name="parent of the warm process").start()
    process = started.get()
    if isinstance(process, OSError):
        raise process
    return process


def _short_folder() -> Path:
    """Return where temporary folders go; a socket's path has room for about 100 characters."""
    usual = tempfile.gettempdir()
    return Path(usual if len(usual) < 40 else "/tmp")  # noqa: S108 - mkdtemp makes it private


def _sweep(place: Path) -> None:
    """Remove the folders of warm processes whose owner was killed before it could."""
    for left in place.glob(f"{PREFIX}*/zygote"):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            if left.lstat().st_uid == os.getuid():
                try:
                    line.connect(str(left))
                except ConnectionRefusedError:
                    shutil.rmtree(left.parent, ignore_errors=True)


def _font_list(folder: Path) -> None:
    """Give matplotlib its list of fonts, which it would build anew in an empty folder for seconds."""
    folder.mkdir()
    cache = Path(os.environ.get("MPLCONFIGDIR") or Path.home() / ".cache" / "matplotlib")
    for file in cache.glob("fontlist-*.json"):
        shutil.copy(file, folder)


def _line(connection: socket.socket) -> str:
    """Read up to the end of a line; an ended connection gives ``""``."""
    text = b""
    while not text.endswith(b"\n"):
        part = connection.recv(1 << 16)
        if not part:
            return ""
        text += part
    return text.decode()
