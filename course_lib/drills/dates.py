"""Drill on validity: the date of service decides which codes exist."""

from datetime import timedelta
from random import Random

from course_lib.codes.validity import Change, changes, validity
from course_lib.drills.deck import Deck
from course_lib.drills.model import Choice, Draft


def valid_on(deck: Deck, rng: Random) -> Draft:
    """Ask which code may be reported for a service near the change of 1 October."""
    known = list(changes().values())
    first = min(c.start for c in known if c.change == "added")
    after = rng.random() < 0.5
    days = rng.randint(0, 150)
    on = first + timedelta(days=days) if after else first - timedelta(days=days + 1)
    live = [c for c in known if c.start <= on <= c.end]
    key = rng.choice(live)
    dead = [c for c in known if not c.start <= on <= c.end]
    place = {code: n for n, code in enumerate(sorted(c.code for c in known))}
    dead.sort(key=lambda c: (not _replaced(key, c), abs(place[c.code] - place[key.code]), c.code))
    chosen = [key, *rng.sample(dead[:6], 3)]
    choices = [
        Choice(f"`{c.code}`", c.code, c is key, validity(deck.book, c.code, on).reason) for c in chosen
    ]
    return Draft(
        "valid on", (on.isoformat(),),
        f"The date of service is {on.isoformat()}. Which of these codes may be reported?",
        tuple(choices), f"ICD-10-CM {deck.book.release} and the list of changes for FY2027; {key.source}",
        (),
        hint=f"A code that begins on {first.isoformat()} may not be used before that day, and one that ended "
        "the day before may not be used on it. The date of the claim does not matter.",
    )  # fmt: skip


def _replaced(one: Change, other: Change) -> bool:
    """Return whether one of two codes took the other's place."""
    return other.code in one.replaced_by or one.code in other.replaced_by
