"""Start the warm process of the last run while this run still reads its settings.

Loading nbgrader takes about as long as loading the libraries of the notebooks, and this
machine has more than one processor. If the settings turn out to differ, the process is
ended again, before any kernel came from it.
"""

import json
from pathlib import Path

from course_lib.files import atomic_write
from course_lib.grading.kernels.parent import Warm
from course_lib.grading.sandbox import layers


def begin(root: Path, assignment: str) -> Warm | None:
    """Begin to start the warm process as the assignment's last run had it.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment : str
        ``a01`` or its folder name.

    Returns
    -------
    Warm or None
        To be given to `loop.grade`, and closed afterwards; None when there is nothing to go by.
    """
    if not layers.forks():
        return None
    try:
        known = json.loads(_file(root, assignment).read_text(encoding="utf-8"))
        warm = Warm(known["preload"], known["namespaces"], known["readable"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return warm.begin()


def remember(root: Path, assignment: str, warm: Warm) -> None:
    """Keep how a run's warm process was started, for the next run."""
    known = {"preload": warm.preload, "namespaces": warm.namespaces, "readable": warm.readable}
    with atomic_write(_file(root, assignment)) as out:
        json.dump(known, out)


def _file(root: Path, assignment: str) -> Path:
    return root / "reports" / f"{assignment.split('_')[0]}.warm.json"
