"""`plan`: from a profile to dated steps. Pure: equal profiles give equal plans."""

import math
from datetime import date, timedelta

from course_lib.roadmap.data import Credential, catalogue
from course_lib.roadmap.model import Milestone, Plan, Profile, Route, Step, add_months
from course_lib.roadmap.money import cash_risks, costs
from course_lib.roadmap.notes import notes, risks

_DAY = timedelta(days=1)


def plan(profile: Profile) -> Plan:
    """Return the road from `profile` to its certification.

    The steps follow one another, so their hours never add up in any week. Hours and
    weeks rest on `roadmap.assumptions`, which a profile may replace.

    Examples
    --------
    >>> road = plan(Profile(start="2027-01-11", target="CPC", hours=8, budget=2500))
    >>> road.exam_day.isoformat()
    '2027-12-13'
    >>> road.to_exam
    (621.0, 721.0)
    """
    credential = catalogue().credential(profile.target)
    study, done = _study(profile, credential)
    steps = list(study)
    said: list[str] = []
    if credential.id not in profile.certifications:
        ready = steps[-1].end + _DAY if steps else profile.first_day
        exam_day, why = _exam_day(profile, ready)
        said += why
        after = (steps[-1].id,) if steps else ()
        steps.append(_step("exam", exam_day, exam_day, after=after))
    passed = steps[-1].end if steps else profile.first_day
    ways = _routes(profile, credential, study, passed)
    steps += _afterwards(credential, ways, passed, sits="exam" in {step.id for step in steps})
    bill = costs(profile, credential, tuple(steps), ways)
    return Plan(
        profile,
        credential,
        tuple(steps),
        done,
        bill,
        ways,
        _calendar(credential, passed),
        (*said, *notes(profile, credential, tuple(steps), done)),
        (*cash_risks(profile, bill), *risks(profile, credential, tuple(steps), ways)),
    )


def _afterwards(credential: Credential, ways: tuple[Route, ...], passed: date, *, sits: bool) -> list[Step]:
    """Return what follows the exam: apprentice status where there is one, and continuing education."""
    steps, after = [], ("exam",) if sits else ()
    if chosen := next((way for way in ways if way.chosen), None):
        title = f"Apprentice status (CPC-A): {chosen.title}"
        until = chosen.earliest
        steps.append(_step("apprentice", passed + _DAY, until, after=after, title=title, text=chosen.text))
    end = add_months(passed, credential.ceu_months)
    steps.append(_step("upkeep", passed + _DAY, end, after=after, text=credential.ceu_text))
    return steps


def weekly_hours(profile: Profile) -> float:
    """Return the hours a week that the plan uses: yours, or the most of your pace."""
    return min(profile.hours, profile.assume(f"{profile.pace}_time_hours"))


def wants_degree(profile: Profile, credential: Credential) -> bool:
    """Tell whether the education step is a degree: by choice, or because the certification needs one."""
    return credential.needs_degree or profile.education == "degree"


def _study(profile: Profile, credential: Credential) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """Return the steps to study and the ids of those that are behind the learner."""
    if credential.id in profile.certifications:
        return (), ("diploma", "education", "practice", "preparation", "exam")
    degree = wants_degree(profile, credential)
    extra = profile.assume(credential.extra_assumption) if credential.extra_assumption else 0
    wanted = {
        "diploma": 0 if profile.diploma or profile.degree else profile.assume("ged_hours"),
        "education": _education_hours(profile, degree) + extra,
        "practice": 0 if profile.experience_months else profile.assume("practice_hours"),
        "preparation": profile.assume("prep_hours"),
    }
    per_week, day = weekly_hours(profile), profile.first_day
    steps: list[Step] = []
    done: list[str] = []
    for name, hours in wanted.items():
        least = profile.assume(f"degree_weeks_{profile.pace}") if hours and name == "education" else 0
        weeks = math.ceil(max(hours / per_week, least if degree and not profile.degree else 0))
        if not weeks:
            done.append(name)
            continue
        end = day + timedelta(weeks=weeks) - _DAY
        after = (steps[-1].id,) if steps else ()
        steps.append(_step(name, day, end, hours=hours, weekly=min(per_week, hours), after=after))
        day = end + _DAY
    return tuple(steps), tuple(done)


def _education_hours(profile: Profile, degree: bool) -> float:
    if profile.degree or (profile.course and not degree):
        return 0
    return profile.assume("degree_hours" if degree else "certificate_hours")


def _step(
    name: str,
    start: date,
    end: date,
    *,
    hours: float = 0,
    weekly: float = 0,
    after: tuple[str, ...] = (),
    title: str = "",
    text: str = "",
) -> Step:
    if name == "apprentice":
        return Step(name, 3, title, start, max(start, end), 0, 0, after, text)
    known = catalogue().steps[name]
    return Step(name, known.number, known.title, start, end, hours, weekly, after, text or known.text)


def _exam_day(profile: Profile, ready: date) -> tuple[date, list[str]]:
    """Return the first weekday on or after `ready`, in the wanted month if that can be, and why."""
    first = _weekday(ready)
    if not profile.exam_month:
        return first, []
    year, month = map(int, profile.exam_month.split("-"))
    opens = date(year, month, 1)
    closes = add_months(opens, 1) - _DAY
    wanted = _weekday(max(ready, opens))
    if wanted <= closes:
        waits = (wanted - ready).days // 7
        gap = f" You are ready {waits} weeks before: keep practicing." if waits > 1 else ""
        return wanted, [f"The exam is in {profile.exam_month}, as you want.{gap}"]
    return first, [
        f"The exam cannot be in {profile.exam_month}: at these hours you are ready on {ready}. "
        f"The plan has the exam on {first}."
    ]


def _weekday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _routes(
    profile: Profile, credential: Credential, study: tuple[Step, ...], passed: date
) -> tuple[Route, ...]:
    """Return the ways out of apprentice status; work starts after the exam and the search for a job."""
    if not credential.apprentice or credential.id in profile.certifications:
        return ()
    hired = passed + timedelta(weeks=profile.assume("job_search_weeks"))
    has_course = profile.course or profile.degree or any(step.id == "education" for step in study)
    found = []
    for rule in catalogue().routes:
        if rule.course and not has_course:
            continue
        missing = max(0, rule.experience_months - profile.experience_months)
        found.append((add_months(hired, missing) if missing else passed + _DAY, rule))
    soonest = min(found, key=lambda pair: (pair[0], pair[1].number))[1].number
    open_ways = {rule.number for _, rule in found}
    chosen = profile.route if profile.route in open_ways else soonest
    return tuple(Route(rule.number, rule.title, rule.text, day, rule.number == chosen) for day, rule in found)


def _calendar(credential: Credential, passed: date) -> tuple[Milestone, ...]:
    """Return even shares of the units every six months, and the end of the cycle."""
    whole = credential.ceu_months // 6
    return tuple(
        Milestone(
            add_months(passed, 6 * part),
            f"{math.ceil(credential.ceus * part / whole)} of {credential.ceus} units earned"
            + (": renew" if part == whole else ""),
            math.ceil(credential.ceus * part / whole),
        )
        for part in range(1, whole + 1)
    )
