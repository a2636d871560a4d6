"""The named errors of a submission: what the code book says of it, and how it differs from the key."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from course_lib.codes.book import Code, CodeBook, plain
from course_lib.codes.check import Finding as BookFinding
from course_lib.codes.checks.model import GUIDELINES
from course_lib.codes.checks.together import same_but_side
from course_lib.coding.credit import best_pairs
from course_lib.coding.lines import line_findings
from course_lib.coding.model import Finding, Submission

# What a claim holds at most; the book is not asked about what follows.
_MOST = 25
_KIND = {
    "not-a-code": "invalid",
    "placeholder-x": "invalid",
    "not-valid-on-date": "invalid",
    "not-billable": "not-specific",
    "seventh-character-missing": "seventh-character",
    "seventh-character-impossible": "seventh-character",
    "laterality-conflict": "laterality",
    "excludes1": "excludes1",
    "manifestation-first": "order",
    "code-first-order": "order",
    "use-additional-order": "order",
    "principal-code-later": "order",
    "external-cause-first": "order",
    "supplementary-first": "order",
    "underdosing-first": "order",
    "sequela-first": "order",
    "poisoning-order": "order",
}
# The sections on uncertain diagnoses: what one setting codes, the other does not.
_SETTING = re.compile(r"\b(?:IV\.H|II\.H|III\.C)\b")


@dataclass(frozen=True)
class Case:
    """One submission beside its key. ``counted`` is ``given`` without optional codes."""

    given: Submission
    counted: Submission
    key: Submission
    book: CodeBook
    on: date | str
    setting: str | None
    reasons: Mapping[str, tuple[str, str]]

    @cached_property
    def pairs(self) -> list[tuple[int, int, float]]:
        """Places of diagnoses that belong together, and their credit; see `best_pairs`."""
        return best_pairs(self.counted.diagnoses, self.key.diagnoses)

    @cached_property
    def said(self) -> list[BookFinding]:
        """What the code book says of the submission, but not of the key."""
        excused = {(f.kind, f.codes) for f in self._check(self.key)}
        return [f for f in self._check(self.given) if (f.kind, f.codes) not in excused]

    @property
    def misplaced(self) -> bool:
        """Whether the first diagnosis is not, nor stands for, the key's first."""
        mine, key = self.given.diagnoses, self.key.diagnoses
        if not mine or not key:
            return bool(mine) != bool(key)
        # An optional code in front takes the first place from the diagnosis.
        leads = plain(mine[0]) == plain((*self.counted.diagnoses, "")[0])
        return not leads or not any((a, b) == (0, 0) for a, b, _ in self.pairs)

    def _check(self, coded: Submission) -> list[BookFinding]:
        setting = self.setting or "outpatient"
        return self.book.check(coded.diagnoses[:_MOST], on=self.on, setting=setting)

    def because(self, code: str) -> tuple[str, str]:
        """Return why a code is or is not reported, and where that stands."""
        where = {"inpatient": "II and III", None: "II to IV"}.get(self.setting, "IV.G to IV.J")
        return self.reasons.get(plain(code), ("", f"{GUIDELINES}{where}"))


def findings(case: Case) -> Iterator[Finding]:
    """Yield the named errors of one submission."""
    told: set[str] = set()
    for said in case.said:
        kind = _KIND.get(said.kind)
        if kind in ("order", "excludes1"):
            yield Finding(kind, said.codes, said.rule, said.source, said.codes)
        elif kind:
            told |= {plain(code) for code in said.codes}
            yield _of_the_code(case, kind, said)
    yield from _first(case)
    yield from _differences(case, told)
    # Letters point into the list as it was submitted, optional codes included.
    partner = {a: b for a, b, _ in best_pairs(case.given.diagnoses, case.key.diagnoses)}
    letters = [partner.get(place) for place in range(len(case.given.diagnoses))]
    lines = case.counted.procedures, case.key.procedures
    yield from line_findings(*lines, letters, str(case.on), case.setting, case.because)


def _of_the_code(case: Case, kind: str, said: BookFinding) -> Finding:
    """Return what the book says of a code, with the code of the key that it stands for."""
    mine, key = case.counted.diagnoses, case.key.diagnoses
    names = {plain(code) for code in said.codes}
    meant = tuple(key[b] for a, b, value in case.pairs if plain(mine[a]) in names and value < 1)
    more = f" The record supports {', '.join(meant)}." if meant else ""
    return Finding(kind, (*said.codes, *meant), said.rule + more, said.source, said.codes)


def out_of_place(case: Case) -> set[str]:
    """Return the codes, without dots, that a note wants elsewhere in the list."""
    return {plain(code) for said in case.said if _KIND.get(said.kind) == "order" for code in said.codes}


def _first(case: Case) -> Iterator[Finding]:
    mine, key = case.given.diagnoses, case.key.diagnoses
    if not mine or not key or not case.misplaced:
        return
    # Where both are wrong, the codes are missing and extra, and no order is.
    if plain(key[0]) in map(plain, mine) or plain(mine[0]) in map(plain, key):
        section = "II" if case.setting == "inpatient" else "IV.G"
        word = "principal" if case.setting == "inpatient" else "first-listed"
        message = f"{mine[0]} stands first, but the {word} diagnosis is {key[0]}."
        yield Finding("order", (mine[0], key[0]), message, GUIDELINES + section, (mine[0],))


def _differences(case: Case, told: set[str]) -> Iterator[Finding]:
    """Yield what is in one list only; a near miss that has a name of its own is one error, not two."""
    mine, key = case.counted.diagnoses, case.key.diagnoses
    named_mine: set[int] = set()
    named_key: set[int] = set()
    for a, b, value in case.pairs:
        near = _near(case, mine[a], key[b]) if value < 1 and plain(mine[a]) not in told else None
        if near:
            yield near
        if near or value == 1 or plain(mine[a]) in told:
            named_mine.add(a)
            named_key.add(b)
    right = {plain(code) for code in key}
    for a, code in enumerate(mine):
        if a not in named_mine and plain(code) not in told:
            yield _extra(case, code, again=plain(code) in right)
    for b, code in enumerate(key):
        if b not in named_key:
            why, source = case.because(code)
            yield Finding("missing", (code,), f"{code} is missing. {why}".strip(), source)


def _extra(case: Case, code: str, *, again: bool) -> Finding:
    if again:
        message, source = f"{code} is listed more than once.", GUIDELINES + "I.B.12"
        return Finding("extra", (code,), message, source, (code,))
    why, source = case.because(code)
    kind = "setting" if plain(code) in case.reasons and _SETTING.search(source) else "extra"
    return Finding(kind, (code,), f"{code} is not reported here. {why}".strip(), source, (code,))


def _near(case: Case, mine: str, right: str) -> Finding | None:
    """Return the named error of a code that is nearly the key's, or None."""
    one, other = case.book.get(mine), case.book.get(right)
    if one is None or other is None:
        return None
    kind = source = ""
    ours, theirs = plain(one.code), plain(other.code)
    if len(ours) == len(theirs) == 7 and ours[:6] == theirs[:6]:
        kind, source = "seventh-character", GUIDELINES + "I.A.5 and I.C.19.a"
    elif same_but_side(one, other):
        kind, source = "laterality", GUIDELINES + "I.B.13"
    elif _vague(one) > _vague(other):
        kind, source = "not-specific", GUIDELINES + "I.B.2 and I.B.18"
    if not kind:
        return None
    message = f'{one.code} "{one.title}" is reported; the record supports {other.code} "{other.title}".'
    return Finding(kind, (one.code, other.code), message, source, (mine,))


def _vague(code: Code) -> int:
    return len(re.findall(r"\bunspecified\b", code.title, re.I))
