"""Talk to one kernel: send it cells, take its messages in, and keep the limits while it works.

Whatever comes from the kernel is a stranger's: a message that is no message is counted
and dropped, never an error here.
"""

import contextlib
import hmac
import json
import os
import secrets
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient

from course_lib.grading.kernels.cold import ColdKernel
from course_lib.grading.kernels.parent import Forked, WarmGoneError
from course_lib.grading.settings import Limits

Handler = Callable[[dict[str, Any], int], None]
_TICK_MS = 500  # how often limits are looked at while nothing comes
_AFTER_INTERRUPT = 2.0  # seconds that a cell has to obey Ctrl-C
_DECISIVE = {"execute_reply", "error", "execute_result"}


class KernelEnded(Exception):  # noqa: N818 - it is a result, not always an error
    """The kernel is gone: it ended, or it was ended. Its text says why, for a teacher."""


@dataclass
class Reply:
    """How a cell ended.

    Attributes
    ----------
    content : dict
        The kernel's reply; for a cell that was interrupted, what came or ``{}``.
    timed_out, unfinished : bool
        Whether it was interrupted, and whether its outputs have no proper end.
    """

    content: dict[str, Any] = field(default_factory=dict)
    timed_out: bool = False
    unfinished: bool = False


class Talk:
    """The owner's end of a kernel's sockets.

    Attributes
    ----------
    late : list of (str, str)
        Decisive messages for cells that were over, as (name of the cell, type): nobody honest sends them.
    malformed : int
        Messages that could not be read.
    """

    def __init__(
        self, kernel: Forked | ColdKernel, connection: dict[str, Any], limits: Limits, folder: Path
    ) -> None:
        self.kernel, self.limits, self.folder = kernel, limits, folder
        self.begun = self.looked = time.monotonic()
        self.received = self.malformed = 0
        self.late: list[tuple[str, str]] = []
        self.over: dict[str, str] = {}
        _wait_for_sockets(kernel, connection)
        self.client = BlockingKernelClient(connection_file="", context=zmq.Context.instance())
        self.client.load_connection_info(connection)  # type: ignore[arg-type]  # a dict like theirs
        self.client.start_channels(stdin=False, hb=False, control=False)
        self.shell = self.client.shell_channel.socket
        self.iopub = self.client.iopub_channel.socket
        self.poller = zmq.Poller()
        for source in (self.shell, self.iopub, kernel.line):
            if source is not None:
                self.poller.register(source, zmq.POLLIN)

    def close(self) -> None:
        """End the kernel and close the sockets."""
        self.kernel.kill()
        self.client.stop_channels()

    def ready(self, patience: float = 60) -> dict[str, Any]:
        """Wait for the kernel and return what it says of itself.

        Raises
        ------
        KernelEnded
            When it does not come.
        """
        deadline = time.monotonic() + patience
        info: dict[str, Any] = {}
        listening = False
        while time.monotonic() < deadline:
            asked = self.client.kernel_info()
            again = time.monotonic() + 1
            while time.monotonic() < again:
                for channel, message in self._receive(100):
                    if channel == "iopub":
                        listening = True
                    elif message["parent_header"].get("msg_id") == asked:
                        info = message["content"]
                if listening and info:
                    return info
        raise KernelEnded("the kernel did not start")

    def execute(
        self,
        code: str,
        handle: Handler,
        seconds: float | None,
        patience: float = 4,
        name: str = "",
        **options: Any,
    ) -> Reply:
        """Run a cell to its end.

        Parameters
        ----------
        code : str
            The cell.
        handle : callable
            Told each output message and its size in bytes.
        seconds : float or None
            When to interrupt it.
        patience : float
            Seconds to wait for the end of the outputs after the reply.
        name : str
            What `late` calls the cell.
        options
            Of Jupyter's execute request.

        Raises
        ------
        KernelEnded
            When the kernel is gone, before its end or because of a limit.
        """
        asked = self.client.execute(code, allow_stdin=False, stop_on_error=False, **options)
        reply, replied, idle = Reply(), False, False
        deadline = time.monotonic() + seconds if seconds else float("inf")
        while not (idle and (replied or reply.timed_out)):
            for channel, message in self._receive(_TICK_MS if deadline == float("inf") else 100):
                if message["parent_header"].get("msg_id") != asked:
                    self._stray(message)
                elif channel == "shell":
                    replied, reply.content = True, message["content"]
                    deadline = time.monotonic() + patience
                elif message["msg_type"] == "status":
                    idle = idle or message["content"].get("execution_state") == "idle"
                    handle(message, 0)
                else:
                    handle(message, message["bytes"])
            if time.monotonic() < deadline or (idle and replied):
                continue
            if replied:
                reply.unfinished = True
                break
            if reply.timed_out:
                raise self._end(f"a cell ran longer than {seconds:g} s and did not obey the interrupt")
            reply.timed_out = True
            self.kernel.signal(signal.SIGINT)
            deadline = time.monotonic() + max(patience, _AFTER_INTERRUPT)
        if not reply.timed_out:  # the reply of an interrupted cell may come at any time
            self.over[asked] = name
        return reply

    def _receive(self, milliseconds: int) -> list[tuple[str, dict[str, Any]]]:
        """Return what has come, waiting a little for something; look at the limits."""
        events = dict(self.poller.poll(milliseconds))
        found = []
        if self.iopub in events:
            found += [("iopub", m) for m in self._drain(self.iopub)]
        if self.shell in events:
            found += [("shell", m) for m in self._drain(self.shell)]
        if not found and (ended := self.kernel.poll()):
            # Its last words may still be on their way.
            found = [("iopub", m) for m in self._drain(self.iopub)]
            if not found and ended.get("lost"):
                raise WarmGoneError("the warm process ended")
            if not found:
                raise KernelEnded(self._how(ended))
        self._look()
        return found

    def _drain(self, source: Any) -> list[dict[str, Any]]:
        messages = []
        for _ in range(200):  # a flood must not keep the limits from being looked at
            try:
                frames = source.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                break
            size = sum(map(len, frames))
            self.received += size
            try:
                message = self._message(frames)
            except Exception:  # bytes of a stranger's
                self.malformed += 1
                continue
            message["bytes"] = size
            messages.append(message)
        return messages

    def _message(self, frames: list[bytes]) -> dict[str, Any]:
        """Return a message, or raise what its bytes lead to.

        Jupyter's own reader also turns every text that looks like a time into one, which
        takes as long as all the rest of talking to a kernel.
        """
        session = self.client.session
        _, parts = session.feed_identities(frames)
        if not hmac.compare_digest(session.sign(parts[1:5]), parts[0]):
            raise ValueError("not signed by this kernel")
        header, parent, metadata, content = map(json.loads, parts[1:5])
        message = {
            "header": header, "msg_type": header["msg_type"], "parent_header": parent,
            "metadata": metadata, "content": content, "buffers": parts[5:],
        }  # fmt: skip
        if not all(isinstance(one, dict) for one in (header, parent, metadata, content)):
            raise TypeError("its parts are no objects")
        return message

    def _stray(self, message: dict[str, Any]) -> None:
        about = message["parent_header"].get("msg_id")
        if isinstance(about, str) and about in self.over and message["msg_type"] in _DECISIVE:
            self.late.append((self.over[about], message["msg_type"]))

    def _look(self) -> None:
        limits, now = self.limits, time.monotonic()
        if self.received > limits.output_mb << 20:
            raise self._end(f"it sent more than {limits.output_mb} MB of output")
        if now - self.looked < _TICK_MS / 1000:
            return
        self.looked = now
        if now - self.begun > limits.notebook_seconds:
            raise self._end(f"the notebook ran longer than {limits.notebook_seconds:g} s")
        if used(self.folder, limits.disk_mb << 20) > limits.disk_mb << 20:
            raise self._end(f"it left more than {limits.disk_mb} MB of files")

    def _end(self, why: str) -> KernelEnded:
        self.kernel.kill()
        return KernelEnded(why)

    def _how(self, ended: dict[str, Any]) -> str:
        code = ended.get("exit", -signal.SIGKILL)
        if code in (-signal.SIGXCPU, -signal.SIGKILL) and ended.get("cpu", 0) >= self.limits.cpu_seconds:
            return f"it used more than {self.limits.cpu_seconds} s of processor time"
        if code < 0:
            return f"the kernel died (signal {-code}, {signal.Signals(-code).name})"
        return f"the notebook ended its own kernel (exit code {code})"


def _wait_for_sockets(kernel: Forked | ColdKernel, connection: dict[str, Any]) -> None:
    """Wait until a forked kernel has bound its sockets: ZeroMQ looks again only after 0.1 s."""
    if connection["transport"] != "ipc":
        return
    needed = [Path(f"{connection['ip']}-{connection[name]}") for name in ("shell_port", "iopub_port")]
    while not all(path.exists() for path in needed) and kernel.poll(0.002) is None:
        pass


def connection(folder: Path) -> dict[str, Any]:
    """Return what the two ends of a new kernel's sockets agree on; the sockets lie in `folder`."""
    names = ("shell", "iopub", "stdin", "control", "hb")
    ports = {f"{name}_port": number for number, name in enumerate(names, start=1)}
    return {
        "transport": "ipc", "ip": str(folder / "s"), "key": secrets.token_hex(16),
        "signature_scheme": "hmac-sha256", **ports,
    }  # fmt: skip


def used(folder: Path, most: int) -> int:
    """Return the bytes that a folder takes on the disk; stops counting beyond `most`."""
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += max(Path(place, name).lstat().st_blocks * 512, 4096)
        if total > most:
            break
    return total
