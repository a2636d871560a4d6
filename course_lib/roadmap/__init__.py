"""The roadmap planner: from where you stand to a certification, with dates and costs.

::

    profile = roadmap.Profile(start="2027-01-11", target="CPC", hours=8, budget=2500)
    plan = roadmap.plan(profile)        # the pure function under everything
    roadmap.planner()                   # the widget
    roadmap.ask(profile)                # the same as text
    roadmap.compare(profile)            # all certifications side by side
"""

from course_lib.roadmap.compare import assumptions, compare, prices, targets
from course_lib.roadmap.data import Catalogue, Credential, catalogue
from course_lib.roadmap.export import open_plan, save, to_csv, to_html, to_ics
from course_lib.roadmap.model import Cost, Milestone, Plan, Profile, Route, Step
from course_lib.roadmap.plan import plan
from course_lib.roadmap.show import planner
from course_lib.roadmap.text import ask

__all__ = [
    "Catalogue",
    "Cost",
    "Credential",
    "Milestone",
    "Plan",
    "Profile",
    "Route",
    "Step",
    "ask",
    "assumptions",
    "catalogue",
    "compare",
    "open_plan",
    "plan",
    "planner",
    "prices",
    "save",
    "targets",
    "to_csv",
    "to_html",
    "to_ics",
]
