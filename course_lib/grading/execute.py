"""nbgrader's notebook execution for the course's own notebooks, in a kernel without our secrets."""

import os
import subprocess
from typing import Any

from nbgrader.preprocessors import Execute

from course_lib.grading.environment import clean


class CleanExecute(Execute):  # type: ignore[misc]  # nbgrader carries no types
    """Run a notebook's cells as nbgrader does, in a kernel without the instructor's secrets.

    This is no sandbox: it is for what the instructor wrote, before a release.
    """

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel with a clean environment, and silent."""
        # What a kernel's process writes past Jupyter never reaches the instructor's terminal.
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        super().start_new_kernel(env=clean(os.environ), **silent, **kwargs)
