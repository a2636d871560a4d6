"""A portfolio: charts that you coded, with your reasons, your scores and your road, on a page to print.

::

    work = [portfolio.Work("ankle-sprain-clinic", {"S93.401A": "The note says right ankle sprain."})]
    mine = portfolio.Portfolio("A. Learner", date(2026, 11, 25), work, roadmap.plan(profile))
    mine.scores()                      # one row a chart
    mine                               # scores, and a link that saves the page
    mine.save("portfolio.html")

It says on its page that every chart is synthetic.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from course_lib import encounters
from course_lib.errors import CourseError
from course_lib.files import atomic_write
from course_lib.roadmap.markup import bullets, page, table

if TYPE_CHECKING:
    import pandas as pd

    from course_lib.roadmap import Plan

__all__ = ["Portfolio", "Work"]

_SYNTHETIC = (
    "Every chart is synthetic: no real patient, clinician or practice. Diagnosis codes are those of the "
    "ICD-10-CM edition in force on the date of service. CPT is a registered trademark of the American "
    "Medical Association; numbers alone are shown."
)


@dataclass(frozen=True)
class Work:
    """One chart that was coded.

    Attributes
    ----------
    chart : str
        Its id.
    diagnoses : mapping of str to str
        Code and reason, in the order of the claim. A reason quotes the note or names a rule.
    services : sequence of str
        As on the claim, modifiers behind hyphens: ``"99213-25"``.
    """

    chart: str
    diagnoses: Mapping[str, str]
    services: Sequence[str] = ()


@dataclass(frozen=True)
class Portfolio:
    """What you can show: see the module.

    Attributes
    ----------
    name : str
        Yours.
    made_on : date
        Printed on the page.
    work : sequence of Work
        One or more charts.
    plan : Plan, optional
        From `roadmap.plan`; its exam day is printed.
    results : sequence of str
        Sentences of your own, such as the result of a mock exam.
    """

    name: str
    made_on: date
    work: Sequence[Work]
    plan: "Plan | None" = None
    results: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not self.work:
            raise CourseError("the portfolio has no chart.", remedy="Give one `portfolio.Work` or more.")
        for one in self.work:
            for code, reason in one.diagnoses.items():
                if not reason.strip():
                    raise CourseError(
                        f"{code} of {one.chart} has no reason.",
                        remedy="Quote the words of the note, or name the rule.",
                    )

    def scores(self) -> "pd.DataFrame":
        """Return one row a chart: chart, level, codes, exact, precision, recall, f1, to_look_at.

        Diagnoses are scored. Measures are shares from 0 to 1, and missing where this copy of the
        course has no key.
        """
        import pandas as pd

        rows = []
        for one in self.work:
            chart = encounters.load(one.chart)
            row = {"chart": one.chart, "level": chart.level, "codes": len(one.diagnoses)}
            if chart.key is not None:
                got = chart.score(list(one.diagnoses))
                row |= {"exact": got.exact, "precision": got.precision, "recall": got.recall, "f1": got.f1}
                row |= {"to_look_at": " ".join(got.feedback())}
            rows.append(row)
        columns = ["chart", "level", "codes", "exact", "precision", "recall", "f1", "to_look_at"]
        return pd.DataFrame(rows, columns=columns)

    def codes(self, one: Work) -> "pd.DataFrame":
        """Return the codes of one chart with their reasons: code, title of the book, reason."""
        import pandas as pd

        from course_lib.codes import icd10cm

        book = icd10cm.load()
        rows = []
        for code, reason in one.diagnoses.items():
            entry = book.get(code)
            rows.append((code, entry.title if entry else "not in the code book", reason))
        return pd.DataFrame(rows, columns=["code", "title", "reason"])

    def page(self) -> str:
        """Return the portfolio as a whole page that prints well."""
        parts = [
            f"<p>{escape(self.name)}, {self.made_on.isoformat()}</p>",
            f"<p>{escape(_SYNTHETIC)}</p>",
            table(self._report(), "Score report: diagnoses, in percent"),
            bullets("Results", self.results),
            bullets("Road", self._road()),
            *map(self._section, self.work),
        ]
        return page(f"Coding portfolio of {self.name}", "".join(parts))

    def save(self, path: Path | str) -> Path:
        """Write the page to a file, whole or not at all.

        Raises
        ------
        CourseError
            When the file cannot be written.
        """
        with atomic_write(Path(path)) as out:
            out.write(self.page())
        return Path(path)

    def _report(self) -> "pd.DataFrame":
        frame = self.scores().drop(columns="to_look_at")
        for column in ("precision", "recall", "f1"):
            frame[column] = ["no key" if share != share else f"{100 * share:.0f}" for share in frame[column]]
        return frame.assign(
            exact=[{True: "yes", False: "no"}.get(value, "no key") for value in frame["exact"]]
        )

    def _road(self) -> list[str]:
        if self.plan is None:
            return []
        credential = self.plan.credential
        return [
            f"{credential.name} ({credential.id}, {credential.body}): exam planned for {self.plan.exam_day}."
        ]

    def _section(self, one: Work) -> str:
        chart = encounters.load(one.chart)
        about = f"{chart.specialty}, {chart.setting}, {chart.service_date}, {chart.level}."
        services = f" Services: {', '.join(one.services)}." if one.services else ""
        caption = "Codes in the order of the claim, each with its reason"
        return (
            f"<section><h2>{escape(chart.title)}</h2><p>{escape(about + services)}</p>"
            f"{table(self.codes(one), caption)}</section>"
        )

    def __repr__(self) -> str:
        right = sum(value is True for value in self.scores()["exact"])
        return f"<Portfolio of {self.name}: {len(self.work)} charts, {right} without an error>"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.page().encode()).decode("ascii")
        saved = f'<a download="portfolio.html" href="data:text/html;base64,{data}">Save the page to print</a>'
        return table(self._report(), f"Coding portfolio of {escape(self.name)}") + f"<p>{saved}</p>"
