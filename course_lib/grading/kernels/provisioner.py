"""A kernel provisioner for Jupyter: any notebook runner can start its kernels warm and contained.

Its entry point is ``course-warm``. A kernelspec names it in
``metadata.kernel_provisioner.provisioner_name``, or the environment variable
``JUPYTER_DEFAULT_PROVISIONER_NAME`` makes nbclient, papermill or nbgrader use it.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, List, Unicode

from course_lib.errors import CourseError
from course_lib.grading import environment
from course_lib.grading.kernels.parent import Forked, Warm, ask
from course_lib.grading.sandbox import layers
from course_lib.grading.settings import CourseGrading, Limits

_MB = 1 << 20


@dataclass
class _Process:
    """A forked kernel with the methods of `subprocess.Popen` that Jupyter uses."""

    forked: Forked
    stdin = stdout = stderr = None

    @property
    def pid(self) -> int:
        return self.forked.pid

    def poll(self) -> int | None:
        ended = self.forked.poll()
        return None if ended is None else int(ended["exit"])

    def wait(self, timeout: float | None = None) -> int:
        ended = self.forked.poll(1e6 if timeout is None else timeout)
        if ended is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return int(ended["exit"])

    def send_signal(self, number: int) -> None:
        self.forked.signal(number)

    def kill(self) -> None:
        self.forked.kill()

    def terminate(self) -> None:
        self.forked.signal(15)


class WarmProvisioner(LocalProvisioner):
    """Fork each kernel from a process that has the libraries loaded; never use one twice.

    Where that cannot be (another system than Linux, another language than this Python),
    the kernel starts cold, as Jupyter's own would, and a line in the log says so.
    """

    contain = Bool(True, help="Lock the kernel up: its own folder, no network, no processes").tag(config=True)
    preload = List(Unicode(), CourseGrading().preload, help="Modules to load once").tag(config=True)

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """Choose how the kernel starts; a contained one talks over sockets in a private folder."""
        self._cold = _why_cold(self.kernel_spec.argv)
        self._private: Path | None = None
        manager: Any = self.parent
        if self.contain:
            _refuse(self._cold)
            self._private = Path(tempfile.mkdtemp(prefix="cwk-"))
            manager.transport, manager.cache_ports = "ipc", False
            manager.ip = str(self._private / "s")
            manager.connection_file = str(self._private / "kernel.json")
        ready = dict(await super().pre_launch(**options))
        self._file = str(manager.connection_file)
        return ready

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork the kernel, or start it cold."""
        if self._cold:
            self.log.warning("the kernel starts cold: %s", self._cold)
            return await super().launch_kernel(cmd, **options)
        self.cwd = str(options.get("cwd") or Path.cwd())
        given = dict(options.get("env") or os.environ)
        request: dict[str, Any] = {
            "connection_file": self._file, "cwd": self.cwd, "confinement": None,
            "log": os.devnull, "env": given | environment.ONE_THREAD,
        }  # fmt: skip
        if self._private:
            request["env"] = environment.of_kernel(given, Path(self.cwd), self._private)
            request["confinement"] = _confinement(self.cwd, self._private)
        process: Any = _Process(ask(_warm(tuple(self.preload)).folder, request))
        self.process, self.pid = process, process.pid
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the private folder when the kernel is not to start again."""
        await super().cleanup(restart=restart)
        if self._private and not restart:
            shutil.rmtree(self._private, ignore_errors=True)


def _why_cold(command: list[str]) -> str:
    """Return why a kernelspec's command cannot be forked, or ``""``."""
    if not layers.forks():
        return "only Linux forks kernels safely"
    if "ipykernel_launcher" not in command and "ipykernel" not in command:
        return "it is not a Python kernel"
    program = shutil.which(command[0]) or command[0]
    if program != sys.executable and Path(command[0]).name not in ("python", "python3"):
        return f"it runs in another Python, {program}"
    return ""


def _refuse(cold: str) -> None:
    """Raise when the kernel must be contained and cannot be."""
    found = layers.offered()
    if cold or not (found.landlock and found.seccomp):
        missing = cold or "Landlock and seccomp are needed, see `course doctor`"
        raise CourseError(
            f"the kernel cannot be contained here ({missing}).",
            remedy="Set contain to false in the kernelspec's provisioner config if you trust the notebook.",
        )


def _confinement(cwd: str, private: Path) -> dict[str, Any]:
    limits = Limits()
    return {
        "readable": environment.readable(hidden=CourseGrading().hidden()),
        "writable": [cwd, str(private)],
        "landlock": True, "seccomp": True, "uid": None, "memory": limits.memory_mb * _MB,
        "file": limits.file_mb * _MB, "cpu": limits.cpu_seconds, "threads": 1 << 16,
    }  # fmt: skip


@cache
def _warm(preload: tuple[str, ...]) -> Warm:
    """Return this process's warm process; one serves all its kernels."""
    warm = Warm(list(preload), namespaces=False, readable=[]).start()
    atexit.register(warm.close)
    return warm
