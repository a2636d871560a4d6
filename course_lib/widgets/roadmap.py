"""The roadmap planner as a widget: a form over `course_lib.roadmap.plan`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from course_lib import roadmap
from course_lib.labels import t
from course_lib.roadmap.frames import headline
from course_lib.roadmap.markup import table
from course_lib.roadmap.page import as_html, downloads
from course_lib.widgets.form import Answer, Field, Form, FormWidget, Group, number

# Fields that are plain numbers in the form; their labels are `planner.NAME` and `planner.price.NAME`.
_NUMBERS = ("hours", "budget", "monthly", "experience_months")
_PRICES = ("ged", "tuition", "books", "practicode")


class PlannerWidget(FormWidget):
    """The planner. Made by `course_lib.roadmap.planner`.

    Attributes
    ----------
    plan : Plan or None
        The newest plan that the form made.
    """

    def __init__(self, profile: "roadmap.Profile | None" = None) -> None:
        self.plan: roadmap.Plan | None = None
        shown = profile or _example()
        first = profile or roadmap.Profile(date.today().isoformat(), hours=shown.hours, budget=shown.budget)
        super().__init__(
            _form(first),
            self._make,
            example=lambda: _answer(roadmap.plan(shown), example=profile is None),
            twin='roadmap.ask(roadmap.Profile(start="2027-01-11", target="CPC"))',
            at_once=profile is not None,
        )

    def _make(self, values: Mapping[str, str | bool]) -> Answer:
        self.plan = roadmap.plan(profile_of(values))
        return _answer(self.plan)


def profile_of(values: Mapping[str, str | bool]) -> "roadmap.Profile":
    """Return the profile that the form's values stand for; empty fields keep the course's figure."""
    facts = roadmap.catalogue()
    numbers: dict[str, Any] = {name: number(values, name, t(f"planner.{name}")) for name in _NUMBERS}
    months = numbers.pop("experience_months")
    own = {a.id: number(values, f"assume-{a.id}", a.text) for a in facts.assumptions.values()}
    prices = {name: number(values, f"price-{name}", t(f"planner.price.{name}")) for name in _PRICES}
    route = str(values.get("route", ""))
    return roadmap.Profile(
        start=str(values["start"]),
        target=str(values["target"]),
        education="degree" if values.get("education") == "degree" else "certificate",
        pace="full" if values.get("pace") == "full" else "part",
        diploma=bool(values.get("diploma")),
        course=bool(values.get("course")),
        degree=bool(values.get("degree")),
        experience_months=round(months or 0),
        certifications=tuple(name for name in facts.credentials if values.get(f"held-{name}")),
        exam_month=str(values.get("exam_month", "")).strip() or None,
        route=int(route) if route else None,
        assumptions={k: v for k, v in own.items() if v is not None and v != facts.assumptions[k].value},
        prices={k: v for k, v in prices.items() if v is not None},
        **{name: value for name, value in numbers.items() if value is not None},
    )


def _example() -> "roadmap.Profile":
    shown = roadmap.catalogue().example
    return roadmap.Profile(shown.start, target=shown.target, hours=shown.hours, budget=shown.budget)


def _answer(plan: "roadmap.Plan", *, example: bool = False) -> Answer:
    others = table(roadmap.compare(plan.profile), "All certifications from the same start")
    html = (
        f"{'' if example else downloads(plan)}{as_html(plan, headline=False)}"
        f"<details><summary>Other certifications from the same start</summary>{others}</details>"
    )
    said = headline(plan)
    if plan.risks:
        said += f" {len(plan.risks)} thing{'s' if len(plan.risks) > 1 else ''} may go wrong: see below."
    return Answer(f"An example. {said}" if example else said, html)


def _form(first: "roadmap.Profile") -> Form:
    return Form(
        title=t("planner.title"),
        intro=t("planner.intro"),
        groups=(_aim(first), _time(first), _money(first), _have(first), _held(first), *_figures(first)),
        button=t("planner.make"),
    )


def _aim(first: "roadmap.Profile") -> Group:
    facts = roadmap.catalogue()
    routes = (("", t("planner.first-route")), *((str(r.number), r.title) for r in facts.routes))
    return Group(
        t("planner.aim"),
        (
            Field("target", t("planner.target"), "select", first.target, options=_named()),
            Field(
                "education",
                t("planner.education"),
                "select",
                first.education,
                options=(("certificate", t("planner.certificate")), ("degree", t("planner.degree"))),
            ),
            Field(
                "exam_month",
                t("planner.exam-month"),
                "text",
                first.exam_month or "",
                help=t("planner.exam-month-help"),
            ),
            Field("route", t("planner.route"), "select", str(first.route or ""), options=routes),
        ),
    )


def _named() -> tuple[tuple[str, str], ...]:
    return tuple((c.id, f"{c.id}, {c.name}") for c in roadmap.catalogue().credentials.values())


def _time(first: "roadmap.Profile") -> Group:
    paces = (("part", t("planner.part")), ("full", t("planner.full")))
    return Group(
        t("planner.your-time"),
        (
            Field("start", t("planner.start"), "date", str(first.start)),
            Field("hours", t("planner.hours"), "number", f"{first.hours:g}", least=1, most=80),
            Field("pace", "Pace", "select", first.pace, options=paces),
        ),
    )


def _money(first: "roadmap.Profile") -> Group:
    return Group(
        t("planner.your-money"),
        (
            Field("budget", t("planner.budget"), "number", f"{first.budget:g}", least=0),
            Field("monthly", t("planner.monthly"), "number", f"{first.monthly:g}", least=0),
        ),
    )


def _have(first: "roadmap.Profile") -> Group:
    return Group(
        t("planner.have"),
        (
            Field("diploma", t("planner.diploma"), "checkbox", first.diploma),
            Field("course", t("planner.course"), "checkbox", first.course),
            Field("degree", t("planner.health-degree"), "checkbox", first.degree),
            Field(
                "experience_months",
                t("planner.experience_months"),
                "number",
                str(first.experience_months),
                least=0,
            ),
        ),
    )


def _held(first: "roadmap.Profile") -> Group:
    return Group(
        t("planner.held"),
        tuple(Field(f"held-{c}", c, "checkbox", c in first.certifications) for c in roadmap.targets()),
    )


def _figures(first: "roadmap.Profile") -> tuple[Group, Group]:
    assumed = tuple(
        Field(
            f"assume-{a.id}", a.text, "number", f"{first.assume(a.id):g}", help=a.unit, least=0, content=True
        )
        for a in roadmap.catalogue().assumptions.values()
    )
    prices = tuple(
        Field(
            f"price-{name}",
            t(f"planner.price.{name}"),
            "number",
            _price(first, name),
            help=t("planner.price-help"),
            least=0,
        )
        for name in _PRICES
    )
    return (
        Group(t("planner.prices"), prices, folded=True),
        Group(t("planner.assumed"), assumed, folded=True),
    )


def _price(first: "roadmap.Profile", name: str) -> str:
    return f"{first.prices[name]:g}" if name in first.prices else ""
