"""nbgrader's notebook execution, in a kernel that inherits nothing it does not need."""

import os
import subprocess
from collections.abc import Mapping
from typing import Any

from nbgrader.preprocessors import Execute

# What a kernel needs to start and to find the course. Everything else in the
# instructor's environment (tokens, passwords, cloud keys) stays out of it.
_KEPT = {"HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV"}
_KEPT_PREFIXES = ("COURSE_", "JUPYTER_", "LC_", "MPL", "NBGRADER_", "OMP_", "OPENBLAS_", "PYTHON", "XDG_")
_WINDOWS = {"APPDATA", "COMSPEC", "LOCALAPPDATA", "PATHEXT", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE"}
_SECRET = ("TOKEN", "SECRET", "PASSWORD", "KEY")


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an environment that a student's kernel may see."""
    return {
        name: value
        for name, value in environment.items()
        if (name.upper() in _KEPT | _WINDOWS or name.startswith(_KEPT_PREFIXES))
        and not any(word in name.upper() for word in _SECRET)
    }


class CleanExecute(Execute):  # type: ignore[misc]  # nbgrader carries no types
    """Run a notebook's cells as nbgrader does, in a kernel without the instructor's secrets.

    This is no sandbox: the kernel runs as the user who grades.
    """

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel with `clean_environment`, and silent."""
        # What a kernel's process writes past Jupyter never reaches the instructor's terminal.
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        super().start_new_kernel(env=clean_environment(os.environ), **silent, **kwargs)
