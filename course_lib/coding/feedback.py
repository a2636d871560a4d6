"""What a learner may read of the named errors: never a code of the key."""

from collections.abc import Iterable

from course_lib.coding.model import Finding

_SHOWN = 5
_SAY = {
    "invalid": "Not a valid code on that date, or not written as one: {given}.",
    "not-specific": "The record supports more detail than this: {given}.",
    "seventh-character": "Look again at the 7th character: {given}.",
    "laterality": "Look again at the side: {given}.",
    "setting": "The setting does not allow this: {given}.",
    "excludes1": "An Excludes1 note keeps these apart: {given}.",
    "order": "Look again at the order, and at what stands first: {given}.",
    "extra": "The record does not support this, or it is there twice: {given}.",
    "missing": "Codes that are missing: {count}.",
    "unlinked": "Point this service to the diagnosis that it was for: {given}.",
    "modifier": "Look again at the modifiers: {given}.",
    "units": "Look again at the units: {given}.",
}
KINDS = tuple(_SAY)
TELLS = {text.partition("{")[0]: kind for kind, text in _SAY.items()}
"""What tells each error in one of `sentences` -> its name."""


def sentences(findings: Iterable[Finding]) -> list[str]:
    """Return one sentence a kind of error, in a fixed order; only codes that were submitted are named."""
    found = list(findings)
    said = []
    for kind, text in _SAY.items():
        same = [finding for finding in found if finding.kind == kind]
        if same:
            codes = dict.fromkeys(code for finding in same for code in finding.given)
            said.append(text.format(given=_listed(list(codes)), count=len(same)))
    return said


def _listed(codes: list[str]) -> str:
    more = len(codes) - _SHOWN
    return ", ".join(codes[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
