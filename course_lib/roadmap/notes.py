"""What a plan says about itself: why it is as it is, and what may go wrong."""

from collections.abc import Iterator
from datetime import timedelta

from course_lib.roadmap.data import Credential, catalogue
from course_lib.roadmap.model import Profile, Route, Step


def notes(
    profile: Profile, credential: Credential, steps: tuple[Step, ...], done: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the reasons of the plan, each a sentence or two."""
    return tuple(_notes(profile, credential, {step.id: step for step in steps}, done))


def _notes(
    profile: Profile, credential: Credential, steps: dict[str, Step], done: tuple[str, ...]
) -> Iterator[str]:
    if credential.id in profile.certifications:
        yield (
            f"You hold the {credential.id}: what is left is continuing education. "
            "The day that you passed is not known here, so the cycle starts on the plan's first day."
        )
        return
    titles = [catalogue().steps[name].title for name in done]
    if titles:
        yield f"Behind you already: {', '.join(titles)}."
    if credential.needs_degree and profile.education == "certificate" and not profile.degree:
        yield f"The {credential.id} needs a degree, so the plan has one instead of a certificate."
    most = profile.assume(f"{profile.pace}_time_hours")
    if profile.hours > most:
        yield (
            f"You have {profile.hours:g} hours a week; a {profile.pace}-time plan uses {most:g} at the most."
        )
    elif profile.pace == "full" and profile.hours < most:
        yield f"You ask for full time and have {profile.hours:g} hours a week: the plan uses those."
    if credential.extra_assumption and "education" in steps:
        extra = catalogue().assumptions[credential.extra_assumption]
        figure = profile.assume(extra.id)
        yield f"The education step has {figure:g} hours more: {extra.text[0].lower()}{extra.text[1:]}"
    if credential.body == "AHIMA":
        yield "AHIMA gives 120 days to sit after it approves an application (its FAQ, read in a copy)."


def risks(
    profile: Profile, credential: Credential, steps: tuple[Step, ...], routes: tuple[Route, ...]
) -> tuple[str, ...]:
    """Return what may go wrong, each as a sentence that says what to do."""
    return tuple(_risks(profile, credential, {step.id: step for step in steps}, routes))


def _risks(
    profile: Profile, credential: Credential, steps: dict[str, Step], routes: tuple[Route, ...]
) -> Iterator[str]:
    exam = steps.get("exam")
    others = [name for name in profile.certifications if catalogue().credential(name).body == credential.body]
    if others:
        yield f"With more than one {credential.body} credential you need more units: check the page."
    if exam is None:
        return
    if credential.open_book and exam.start.year > profile.first_day.year:
        yield (
            f"The exam is in {exam.start.year}: buy the code books of {exam.start.year}, not those of "
            f"{profile.first_day.year}."
        )
    failed = f"If you do not pass on {exam.start},"
    if credential.retake_days:
        again = exam.start + timedelta(days=credential.retake_days)
        yield f"{failed} the next try is on {again} at the earliest. {credential.retake}"
    else:
        yield f"{failed} a second attempt costs time and money. {credential.retake}"
    if routes and not any(r.chosen and r.earliest <= exam.end + timedelta(days=1) for r in routes):
        yield (
            "Work counts from a first job: the plan assumes "
            f"{profile.assume('job_search_weeks'):g} weeks to find one. It may take longer."
        )
    if any(r.chosen and r.number == 3 for r in routes):
        yield "The shortest way out of apprentice status rests on Practicode: have it done by the exam."
    years = (exam.start - profile.first_day).days / 365
    if years > 4:
        yield (
            f"The exam is {years:.0f} years away at these hours: more hours a week, or another "
            "certification first, bring it nearer."
        )
    if routes and profile.pace == "part":
        yield "The pages that we read do not say how part-time work counts toward the two years: ask AAPC."
    if credential.id == "CCS" and not profile.experience_months:
        yield "AHIMA recommends experience for the CCS; you have none. The CCA asks only for a diploma."
    if credential.body == "AHIMA" and profile.education == "degree" and not credential.needs_degree:
        yield "A degree is not needed for this exam: a certificate is much shorter."
    if profile.hours < 4:
        yield "With fewer than 4 hours a week much is forgotten between sessions: try for more."
