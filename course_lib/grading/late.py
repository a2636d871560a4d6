"""The course's rule for late work, as a plugin of nbgrader's."""

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float

SECONDS_A_DAY = 86_400


class DailyPenalty(BasePlugin):  # type: ignore[misc]  # nbgrader carries no types
    """Take a share of the earned points for every day begun after the due time.

    Set ``c.DailyPenalty.percent_a_day = 0`` in ``nbgrader_config.py`` to only flag late work.
    """

    percent_a_day = Float(10.0, help="Percent of the earned points for each day begun").tag(config=True)
    most_percent = Float(50.0, help="The most that lateness can take, in percent").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Return the points to take off; `total_seconds_late` is more than 0."""
        days = math.ceil(total_seconds_late / SECONDS_A_DAY)
        return round(score * min(days * self.percent_a_day, self.most_percent) / 100, 2)
