"""What every server of the class knows of nbgrader: the course and the exchange."""

import os

c = get_config()  # noqa: F821  (nbgrader puts it there)
c.CourseDirectory.course_id = "crosswalk"
c.Exchange.root = os.environ.get("COURSE_EXCHANGE", "/srv/nbgrader/exchange")
