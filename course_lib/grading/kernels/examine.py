"""Try, from inside, what a contained kernel must not be able to do.

`course grade` asks for this once before it runs the first submission, and `course doctor`
shows it: a layer counts because it holds here and now, not because it is installed.
"""

import contextlib
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any


def attempt(targets: dict[str, Any]) -> list[str]:
    """Return what succeeded and must not, and ``"!name"`` for what must succeed and failed.

    Parameters
    ----------
    targets : dict
        ``secret``: a file of the grader's; ``port``: of a listener on loopback;
        ``home``: the kernel's own folder.
    """
    secret = Path(targets["secret"])
    forbidden: dict[str, Callable[[], object]] = {
        "read a file of the grader": secret.read_bytes,
        "change a file of the grader": lambda: secret.open("r+b"),
        "list the grader's folder": lambda: os.listdir(secret.parent).index(secret.name),  # noqa: PTH208
        "read the list of users": lambda: Path("/etc/shadow").read_bytes(),
        "connect to this machine": lambda: socket.create_connection(("127.0.0.1", targets["port"]), 2),
        "send a datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "reach a socket of another program": lambda: socket.socket(socket.AF_UNIX).connect("\0course"),
        "start a process": _start_process,
        "start a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - it must not work
        "signal its parent": lambda: os.kill(os.getppid(), 0),
        "look into its parent": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    }
    needed: dict[str, Callable[[], object]] = {
        "write into its own folder": lambda: Path(targets["home"], "try").write_text("x"),
        "read Python's library": lambda: Path(json.__file__).read_bytes(),
        "start a thread": _start_thread,
    }
    return [what for what, deed in forbidden.items() if _works(deed)] + [
        f"!{what}" for what, deed in needed.items() if not _works(deed)
    ]


def _works(deed: Callable[[], object]) -> bool:
    with contextlib.suppress(Exception):
        deed()
        return True
    return False


def _start_process() -> None:
    if os.fork() == 0:
        os._exit(0)


def _start_thread() -> None:
    import threading

    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
