"""A kernel that starts cold, as Jupyter's own do: for systems that cannot fork, without containment."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_client.connect import write_connection_file


class ColdKernel:
    """A kernel's process; it has the methods of `parent.Forked`.

    Parameters
    ----------
    home : Path
        Its working folder.
    file : Path
        Where its connection file goes.
    environment : dict of str to str
        All of its environment variables.
    """

    line = None  # it has no life line; it is asked whether it lives

    def __init__(self, home: Path, file: Path, environment: dict[str, str]) -> None:
        write_connection_file(str(file))
        self.connection: dict[str, Any] = json.loads(file.read_text())
        options = ["-f", str(file), "--HistoryManager.hist_file=:memory:"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ipykernel_launcher", *options],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.ended: dict[str, Any] | None = None

    def poll(self, wait: float = 0) -> dict[str, Any] | None:
        """Return how it ended, or None while it runs; waits up to `wait` seconds."""
        try:
            code = self.process.wait(wait) if wait else self.process.poll()
        except subprocess.TimeoutExpired:
            code = None
        if code is not None:
            self.ended = {"exit": code, "cpu": 0.0, "peak_mb": 0}
        return self.ended

    def signal(self, number: int) -> None:
        """Send it, and the processes that it started, a signal."""
        if self.poll() is None:
            group: Callable[[int, int], None] | None = getattr(os, "killpg", None)
            if group:
                group(self.process.pid, number)
            else:
                self.process.send_signal(number)

    def kill(self) -> dict[str, Any]:
        """End it, and return how it ended."""
        self.signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        return self.poll(10) or {"exit": -9, "cpu": 0.0, "peak_mb": 0}
