"""What a feedback page leaves out: the hidden tests, and the code lines of a traceback.

nbgrader shows a graded cell as it ran, so its feedback gives the hidden tests away.
A student needs the message of the check that failed; that stays.
"""

import re
from typing import Any

from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_solution


class HideTests(ClearHiddenTests):  # type: ignore[misc]  # nbgrader carries no types
    """Take hidden tests out of a graded cell, and out of the traceback below it."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Clear one test cell; a cell without hidden tests keeps its traceback."""
        # A student may write the marker into an answer; only the course's own cells count.
        if not is_grade(cell) or is_solution(cell) or self.begin_test_delimeter not in cell.source:
            return cell, resources
        cell, resources = super().preprocess_cell(cell, resources, index)
        cell.source = re.sub(r"\n{3,}", "\n\n", cell.source).rstrip()
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources
