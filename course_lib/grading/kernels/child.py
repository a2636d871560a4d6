"""What a fork of the warm process does: lock itself up, become a Jupyter kernel, and end."""

import json
import os
import random
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from course_lib.grading.sandbox import confine, privileges


def run(request: dict[str, Any], parent: int) -> NoReturn:
    """Serve the kernel that `request` describes; never returns to the warm process's code."""
    code = 1
    try:
        _settle(request, parent)
        limits = _confinement(request)
        if limits:
            confine.enter(limits)
        if "examine" in request:
            _examine(request, limits)
        else:
            _serve(request, limits)
        code = 0
    except BaseException:  # whatever happens, this process must not go on as the warm one
        traceback.print_exc(file=sys.__stderr__)
    finally:
        if sys.__stderr__:
            sys.__stderr__.flush()
        os._exit(code)


def _confinement(request: dict[str, Any]) -> confine.Confinement | None:
    settings = request.get("confinement")
    if settings is None:
        return None
    lists = {name: tuple(settings[name]) for name in ("readable", "writable")}
    return confine.Confinement(**settings | lists)


def _settle(request: dict[str, Any], parent: int) -> None:
    """Take the place, the streams, the environment and the chance of a fresh process."""
    privileges.die_with_parent(parent)
    privileges.closed(False)  # its own /proc/self is its own again
    os.setsid()
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.closerange(3, 1 << 16)
    os.umask(0o077)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # the old global generator is copied by a fork


def _examine(request: dict[str, Any], limits: confine.Confinement | None) -> None:
    from course_lib.grading.kernels import examine

    if limits:
        confine.seal(limits)
    Path(request["cwd"], "examined.json").write_text(json.dumps(examine.attempt(request["examine"])))


def _serve(request: dict[str, Any], limits: confine.Confinement | None) -> None:
    """Be an ordinary IPython kernel on the request's connection file until told to stop."""
    import ipykernel.kernelapp
    from traitlets.config import Config

    kernelapp: Any = ipykernel.kernelapp
    if limits:
        # Listening to children of the kernel would open a TCP socket, and it has no children.
        kernelapp.IOPubThread = _without_pipe(kernelapp.IOPubThread)
    config = Config()
    config.HistoryManager.enabled = False
    config.IPKernelApp.log_level = "CRITICAL"
    config.IPKernelApp.outstream_class = "course_lib.grading.kernels.stream.Stream"
    if mode := request.get("tracebacks"):
        config.InteractiveShell.xmode = mode
    app = kernelapp.IPKernelApp.instance(config=config, connection_file=request["connection_file"])
    # No command line and no configuration files: the settings above are all.
    app.parse_command_line = app.load_config_file = lambda *arguments, **options: None
    app.initialize([])
    if limits:
        confine.seal(limits)
    app.start()


def _without_pipe(kind: type) -> Callable[..., Any]:
    return partial(_silent, kind)


def _silent(kind: type, socket: Any, pipe: bool = False, session: Any = None) -> Any:
    return kind(socket, pipe=False, session=session)
