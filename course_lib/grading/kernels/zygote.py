"""The warm process: it imports the libraries once, then forks a kernel for each request.

Run as ``python -m course_lib.grading.kernels.zygote SETTINGS`` by `parent`, often inside
bubblewrap. It has one thread and runs no student's code. Each connection to its socket
asks for one kernel and is its life line: when the connection ends, so does the kernel.
It ends itself when its standard input does.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from typing import Any

from course_lib.grading.kernels import child
from course_lib.grading.sandbox import privileges

# What an IPython kernel imports while it starts, and what it would import at the first error.
_KERNEL = (
    "ipykernel.ipkernel", "ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.debugger",
    "IPython.core.completer", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.magics", "IPython.core.oinspect", "IPython.core.ultratb", "IPython.core.pylabtools",
    "IPython.extensions.storemagic", "IPython.utils.wildcard", "code", "faulthandler", "pdb",
    "tornado.platform.asyncio", "tornado.queues", "traitlets.config", "pyseccomp",
    "course_lib.grading.kernels.stream",
)  # fmt: skip


def preload(names: list[str]) -> tuple[list[str], list[str]]:
    """Import modules, and call functions named ``module:function``.

    Returns
    -------
    noisy, missing : list of str
        Those that print or warn while they are imported, and those that cannot be.
        A noisy one has to be left to the notebook: there, its message is an output.
    """
    noisy, missing = [], []
    for name in names:
        module, _, function = name.partition(":")
        said = io.StringIO()
        # Warnings go to stderr here; filters that a library sets while it is imported must stay.
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                found = importlib.import_module(module)
                if function:
                    getattr(found, function)()
            except Exception:  # a library may raise anything while it is imported
                missing.append(name)
                continue
        if said.getvalue():
            noisy.append(name)
    return noisy, missing


def threads() -> int:
    """Return the number of threads of this process; a fork is safe with one only."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - before each fork


class Zygote:
    """Waits for requests, forks, passes signals on, reaps."""

    def __init__(self, listener: socket.socket, jobs: str) -> None:
        self.listener, self.jobs = listener, jobs
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ, self.accept)
        self.selector.register(sys.stdin.fileno(), selectors.EVENT_READ, self.end)
        self.kernels: dict[int, tuple[socket.socket, int]] = {}  # pid -> its connection, its slot

    def serve(self) -> None:
        """Work until standard input ends."""
        while True:
            for key, _ in self.selector.select():
                key.data()

    def end(self) -> None:
        """End at once, with all kernels, and leave nothing of the students' on the disk."""
        for pid in self.kernels:
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.jobs, ignore_errors=True)
        os._exit(0)

    def accept(self) -> None:
        """Fork the kernel that a new connection asks for."""
        connection, _ = self.listener.accept()
        connection.settimeout(30)
        try:
            request = json.loads(_line(connection))
        except (OSError, ValueError):
            connection.close()
            return
        if threads() > 1:
            _tell(connection, {"fault": f"{threads()} threads"})
            connection.close()
            return
        slot = min(set(range(len(self.kernels) + 1)) - {slot for _, slot in self.kernels.values()})
        if request.get("confinement") and request["confinement"]["uid"] is not None:
            request["confinement"]["uid"] += slot
        me = os.getpid()
        pid = os.fork()
        if pid == 0:
            child.run(request, me)
        ended = os.pidfd_open(pid)
        self.kernels[pid] = connection, slot
        self.selector.register(ended, selectors.EVENT_READ, lambda: self.reap(pid, ended))
        self.selector.register(connection, selectors.EVENT_READ, lambda: self.ask(pid))
        _tell(connection, {"pid": pid})

    def ask(self, pid: int) -> None:
        """Send the kernel the signal that its owner asks for; kill it when the owner is gone."""
        connection, _ = self.kernels[pid]
        try:
            number = json.loads(_line(connection))["signal"]
        except (OSError, ValueError, KeyError):
            self.selector.unregister(connection)
            number = signal.SIGKILL
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    def reap(self, pid: int, ended: int) -> None:
        """Tell the owner how the kernel ended, and what it used."""
        self.selector.unregister(ended)
        os.close(ended)
        _, status, used = os.wait4(pid, 0)
        connection, _ = self.kernels.pop(pid)
        with contextlib.suppress(KeyError):
            self.selector.unregister(connection)
        report = {
            "exit": os.waitstatus_to_exitcode(status),
            "cpu": used.ru_utime + used.ru_stime,
            "peak_mb": used.ru_maxrss // 1024,
        }
        _tell(connection, report)
        connection.close()


def _line(connection: socket.socket) -> str:
    """Read up to the end of a line; an ended connection gives ``""``."""
    text = b""
    while not text.endswith(b"\n"):
        part = connection.recv(1 << 16)
        if not part:
            return ""
        text += part
    return text.decode()


def _tell(connection: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(message).encode() + b"\n")


def main() -> None:
    """Import, say hello on standard output, and serve."""
    begun = time.perf_counter()
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder that we were started in
    settings = json.loads(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the driver, who ends us in order
    privileges.die_with_parent(os.getppid())
    privileges.closed(True)  # a kernel must not write into the memory from which the next one is forked
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # half a second, and a TCP socket
    gc.disable()  # while all that comes is there to stay
    preload(list(_KERNEL))
    noisy, missing = preload(settings["preload"])
    # What it says is nobody's concern: a notebook that does the same says it again.
    preload(["course_lib.grading.kernels.rehearsal:rehearse"])
    gc.collect()
    gc.enable()
    gc.freeze()  # so that a kernel's collector does not touch, and thereby copy, the shared pages
    hello = {
        "noisy": noisy, "missing": missing, "threads": threads(), "seconds": time.perf_counter() - begun
    }  # fmt: skip
    print(json.dumps(hello), flush=True)
    Zygote(socket.socket(fileno=settings["listener"]), settings["jobs"]).serve()


if __name__ == "__main__":
    main()
