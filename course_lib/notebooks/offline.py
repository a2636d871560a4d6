"""An IPython extension that keeps a notebook's kernel off the network.

Loaded with ``--IPKernelApp.extra_extensions=course_lib.notebooks.offline`` when the
course runs its notebooks: a learner may have no network, so a lesson must need none.
It catches an honest mistake and is no sandbox.
"""

import sys
from typing import Any

_LOCAL = ("127.", "::1", "localhost")


def load_ipython_extension(_shell: object) -> None:
    """Refuse every connection and name look-up beyond this machine, for good."""
    sys.addaudithook(_refuse)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = args[1]
        host = address[0] if isinstance(address, tuple) else ""  # a path is a socket on this machine
    elif event == "socket.getaddrinfo":
        host = args[0] or ""
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host)
    if host and not host.startswith(_LOCAL):
        raise ConnectionError(f"a notebook of the course must not use the network (it asked for {host})")
