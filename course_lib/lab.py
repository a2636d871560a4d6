"""Start JupyterLab on the course: loopback only, one printed address, a clean end."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course_lib.errors import CourseError

START = "notebooks/00_start_here.ipynb"
HOST = "127.0.0.1"
FIRST_PORT = 8888
# JupyterLab's own settings: it asks nobody about news and looks for no newer version, so nothing leaves.
LAB_SETTINGS = Path(__file__).parent / "jupyter"


def free_port(wanted: int | None = None) -> int:
    """Return `wanted`, or the first free port from 8888 on.

    Raises
    ------
    CourseError
        When the wanted port is taken, or none of a hundred is free.
    """
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as probe:
            # Without this a server that has just ended would block its port for a minute.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    busy = f"port {wanted} is" if wanted else f"ports {FIRST_PORT} to {FIRST_PORT + 99} are"
    other = 8899 if wanted != 8899 else 8999
    raise CourseError(f"{busy} in use.", remedy=f"Choose another one: make lab ARGS='--port {other}'.")


def address(port: int, token: str = "", page: str = f"lab/tree/{START}") -> str:
    """Return the loopback address of a page of the server."""
    return f"http://{HOST}:{port}/{page}" + (f"?token={token}" if token else "")


@dataclass(frozen=True)
class Running:
    """A server that answers: its port, its token and its process."""

    port: int
    token: str
    process: "subprocess.Popen[bytes]"

    @property
    def address(self) -> str:
        """The loopback address of the first notebook, token included."""
        return address(self.port, self.token)


@contextmanager
def server(root: Path, port: int, *, extra: Sequence[str] = (), log: Path | None = None) -> Iterator[Running]:
    """Run JupyterLab on `root` and yield it once it answers; end it with its kernels.

    Raises
    ------
    CourseError
        When the server ends before it answers; the message has the end of its log.
    """
    token = secrets.token_urlsafe(24)
    log = log or Path(tempfile.mkdtemp(prefix="crosswalk-lab-")) / "server.log"
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser"),
        *(f"--ServerApp.ip={HOST}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *(f"--ServerApp.root_dir={root}", *extra),
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    # The token goes by the environment: a command line can be read by every user of the machine.
    env = dict(os.environ, JUPYTER_TOKEN=token)
    env["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        filter(None, [env.get("JUPYTER_CONFIG_PATH"), str(LAB_SETTINGS)])
    )
    with log.open("wb") as out:
        # A session of its own: Ctrl-C reaches us, and we end the server without its question.
        child = subprocess.Popen(command, env=env, stdout=out, stderr=out, start_new_session=True)
        try:
            _wait_until_it_answers(child, port, token, log)
            yield Running(port, token, child)
        finally:
            _end(child)


def serve(root: Path, port: int | None, extra: Sequence[str], *, ready: Callable[[str], None]) -> None:
    """Serve the course until Ctrl-C (or the server's own end).

    Parameters
    ----------
    root : Path
        The course folder.
    port : int or None
        A port, or None for the first free one.
    extra : sequence of str
        Options that are passed on to JupyterLab.
    ready : callable
        Called with the address, token included, when the server answers.
    """
    chosen = free_port(port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `kill` ends it as Ctrl-C does
    try:
        with server(root, chosen, extra=extra) as running:
            ready(running.address)
            running.process.wait()
    except KeyboardInterrupt:
        return


def _answers(port: int, token: str) -> bool:
    """Return whether *our* server answers: another one on that port does not know the token."""
    try:
        with urllib.request.urlopen(address(port, token, "api/status"), timeout=10) as reply:  # noqa: S310
            return bool(reply.status == 200)
    except OSError:  # refused, or 403 from somebody else's server
        return False


def _wait_until_it_answers(
    child: "subprocess.Popen[bytes]", port: int, token: str, log: Path, patience_s: float = 90
) -> None:
    end = time.monotonic() + patience_s
    while not _answers(port, token):
        if child.poll() is not None or time.monotonic() > end:
            tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
            raise CourseError(
                f"JupyterLab did not start:\n{tail}\n",
                remedy="Run `course doctor`; `make setup` repairs a damaged environment.",
                path=log,
            )
        time.sleep(0.1)


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Ask the server to end with its kernels; insist after ten seconds."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
