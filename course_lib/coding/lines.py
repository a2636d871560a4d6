"""The named errors of procedures: codes, setting, modifiers, units and links to diagnoses."""

import re
from collections.abc import Callable, Iterator, Sequence

from course_lib.codes import cpt
from course_lib.codes.book import plain
from course_lib.coding.model import Finding, Line

LETTERS = "ABCDEFGHIJKL"
_SHAPE = re.compile(r"\d{5}|\d{4}[AFTUM]|[A-Z]\d{4}")
_PCS = re.compile(r"(?=.*\d)[0-9A-HJ-NP-Z]{7}")
_CODE_SETS = "45 CFR 162.1002 (code sets by setting)"
_CLAIM = "National Uniform Claim Committee, CMS-1500 instructions, items 24D, 24E and 24G"
_VISITS = "Evaluation and Management"
_AT = {"inpatient": "21", "emergency": "23"}

Because = Callable[[str], tuple[str, str]]


def line_findings(
    given: Sequence[Line],
    key: Sequence[Line],
    letters: Sequence[int | None],
    on: str,
    setting: str | None,
    because: Because,
) -> Iterator[Finding]:
    """Yield the named errors of the procedures.

    `letters` has, for each submitted diagnosis, the place of its partner in the key.
    """
    twins, extra, missing = _twins(given, key)
    for line in extra:
        yield _extra(line, on, setting, because)
    for line in missing:
        why, source = because(line.code)
        yield Finding("missing", (line.code,), f"{line.code} is missing. {why}".strip(), source)
    for mine, right in twins:
        yield from _details(mine, right)
        if right.pointers:
            yield from _link(mine, right, letters)


def _twins(
    given: Sequence[Line], key: Sequence[Line]
) -> tuple[list[tuple[Line, Line]], list[Line], list[Line]]:
    """Pair lines of one code, the most alike first; return pairs, and what is left on each side."""
    left, pairs = list(given), []
    missing: list[Line] = []
    for right in sorted(key, key=lambda line: -len(line.modifiers)):
        same = [line for line in left if plain(line.code) == plain(right.code)]
        if not same:
            missing.append(right)
            continue
        best = max(same, key=lambda line: (_modifiers(line) == _modifiers(right), line.units == right.units))
        left.remove(best)
        pairs.append((best, right))
    return pairs, left, missing


def _modifiers(line: Line) -> list[str]:
    return sorted(map(plain, line.modifiers))


def _extra(line: Line, on: str, setting: str | None, because: Because) -> Finding:
    code = plain(line.code)
    known = cpt.load().get(code)
    why, source = because(line.code)
    kind, message = "extra", f"{code} is not reported here. {why}".strip()
    if _PCS.fullmatch(code) and not _SHAPE.fullmatch(code):
        kind, source = ("extra", source) if setting == "inpatient" else ("setting", _CODE_SETS)
        message = f"{code} has the shape of ICD-10-PCS, which hospitals report for inpatients."
    elif not _SHAPE.fullmatch(code):
        kind, source = "invalid", _CODE_SETS
        message = f"{line.code!r} does not have the shape of a CPT or HCPCS code."
    elif known and known.effective_to and known.effective_to < on:
        kind, source = "invalid", known.source
        message = f"{code} ended on {known.effective_to}."
    elif known and known.section == _VISITS and setting and not _fits(known.places, setting):
        kind, source = "setting", known.source
        message = f"{code} is a visit of another setting ({known.description})."
    return Finding(kind, (code,), message, source, (code,))


def _fits(places: tuple[str, ...], setting: str) -> bool:
    if setting in _AT:
        return _AT[setting] in places
    return not set(places) <= set(_AT.values())


def _details(mine: Line, right: Line) -> Iterator[Finding]:
    code = plain(mine.code)
    if _modifiers(mine) != _modifiers(right):
        wanted, given = (" ".join(_modifiers(line)) or "none" for line in (right, mine))
        message = f"{code}: modifiers {given}, where the record supports {wanted}."
        yield Finding("modifier", (code,), message, "datasets/codes/modifiers.csv, with its sources", (code,))
    if mine.units != right.units:
        message = f"{code}: {mine.units} units, where the record supports {right.units}."
        yield Finding("units", (code,), message, _CLAIM, (code,))


def _link(mine: Line, right: Line, letters: Sequence[int | None]) -> Iterator[Finding]:
    """Yield an error when a line points to nothing, or first to a diagnosis that it was not for."""
    places = [LETTERS.find(plain(p)) if len(plain(p)) == 1 else -1 for p in mine.pointers]
    code, meant = plain(mine.code), {LETTERS.find(p) for p in right.pointers}
    if not places:
        message = f"{code} points to no diagnosis."
    elif any(place < 0 or place >= len(letters) for place in places) or len(places) > 4:
        message = f"{code} points to {', '.join(mine.pointers)}; letters A to L of listed diagnoses, up to 4."
    elif letters[places[0]] not in meant:
        message = f"{code} points first to a diagnosis that it was not for."
    else:
        return
    yield Finding("unlinked", (code,), message, _CLAIM, (code,))
