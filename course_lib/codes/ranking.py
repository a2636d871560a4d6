"""Ranking: how well one entry of the book fits a reading of a query."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from operator import mul

from course_lib.codes import words
from course_lib.codes.query import Reading
from course_lib.codes.words import JOINT, NEGATED, WEAK, stem

_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_SIDES = frozenset(stem(s) for s in ("right", "left", "bilateral"))
FREE = frozenset(stem(w) for w in ("unspecified", "site", "organism", "mellitus", "nos", "trimester"))
_LIGHT = (frozenset(stem(w) for w in WEAK) | _SIDES | {"no", "eye", "ear", "limb", "mean", "acut"}) - FREE
# A title with one of these words is about something else than the same title without it.
_TURNS = frozenset(
    map(
        stem,
        words.listed("""
            secondary history family congenital newborn neonatal maternal pregnancy childbirth
            puerperium complicating complication sequela sequelae situ benign postprocedural
            intraoperative drug induced exposure screening underdosing adverse self harm assault
            juvenile suspected contact counseling absence fetus poisoning carrier neoplasm
            postpartum aftercare superficial intentional vaccine following open hereditary
            puncture traumatic pathological stress periprosthetic elsewhere foreign tuberculous
            syphilitic gonococcal borderline abnormal elevated nonspecific
        """),
    )
)
_HISTORY, _PAST = stem("history"), ("Z8", "I25.2", "Z91")
_DEMOTED = {"15": 0.86, "16": 0.84, "17": 0.9, "20": 0.86, "21": 0.9}


@dataclass(slots=True)
class Entry:
    """A printed entry of the book as the index keeps it."""

    row: int
    code: str
    title: str
    usable: int  # 1: billable, 2: with a 7th character, 0: a header
    chapter: str
    names: list[list[str]]  # stems of the title, then of each inclusion term
    above: list[str]  # stems of what stands over it, and of its 7th characters


@dataclass(slots=True)
class Fit:
    """How an entry fits: the score, which of its names fitted, and by which stems."""

    entry: Entry
    score: float
    name: int
    used: dict[str, str]  # stem -> the typed word
    complete: bool  # it has every word that the query needs
    reading: Reading


class Scale(dict[str, tuple[float, float]]):
    """What each stem is worth when the query has it, and what it costs when it has not."""

    def __init__(self, rarity: Callable[[str], float]) -> None:
        super().__init__()
        self._rarity = rarity

    def __missing__(self, root: str) -> tuple[float, float]:
        worth = self._rarity(root)
        if root in FREE:
            cost = 0.0
        elif root in _LIGHT or root.startswith(NEGATED):
            cost = 0.25
        else:
            cost = 9.0 if root in _TURNS else 0.5 * worth
        self[root] = worth, cost
        return worth, cost


class Judge:
    """Scores entries against one reading; 1 is a perfect fit, before hints.

    A score multiplies how much of the query is covered by how little else the entry
    says. A word found in another name of the entry, or above it, counts less.
    """

    def __init__(self, reading: Reading, scale: Scale) -> None:
        self._reading = reading
        self._groups = reading.groups
        self._scale = scale
        self._whole = sum(g.weight for g in reading.groups) or 1.0
        self._shares = [g.weight / self._whole for g in reading.groups]
        self._numbers = [(n, float(g.typed)) for n, g in enumerate(reading.groups) if g.typed.isdecimal()]
        self._sides = {root for g in reading.groups if g.side for root in g.stems}
        self._by_stem: dict[str, tuple[int, float]] = {}
        for n, group in enumerate(reading.groups):
            for root, weight in group.stems.items():
                if root not in self._by_stem or self._by_stem[root][1] < weight:
                    self._by_stem[root] = (n, weight)

    def fit(self, entry: Entry) -> Fit:
        """Score one entry by the one of its names that fits best."""
        background = [0.0] * len(self._groups)
        for root in self._by_stem.keys() & entry.above:
            n, weight = self._by_stem[root]
            background[n] = max(background[n], 0.55 * weight)
        if self._numbers:
            self._count_ranges(entry.title, background)
        rows = [self._match(name) for name in entry.names]
        for found, *_ in rows:
            for n, value in found.items():
                background[n] = max(background[n], 0.7 * value)
        basis = sum(map(mul, self._shares, background))
        best: tuple[float, int, dict[str, str]] = (-1.0, 0, {})
        for at, (found, matched, extra, used) in enumerate(rows):
            covered = basis
            for n, value in found.items():
                if value > background[n]:
                    covered += self._shares[n] * (value - background[n])
            precise = matched / (matched + extra) if matched else 0.0
            score = covered**1.5 * (0.4 + 0.6 * precise) * (0.99 if at else 1.0)
            if score > best[0]:
                best = (score, at, used)
        score, at, used = best
        complete = all(b > 0.25 for g, b in zip(self._groups, background, strict=True) if not g.optional)
        return Fit(entry, score * self._standing(entry, used), at, used, complete, self._reading)

    def _count_ranges(self, title: str, background: list[float]) -> None:
        """Count a number as found when the title has a range around it (BMI 40.0-44.9)."""
        for low, high in _RANGE.findall(title):
            for n, number in self._numbers:
                if float(low) <= number <= float(high) + 0.99:
                    background[n] = 1.0

    def _match(self, name: list[str]) -> tuple[dict[int, float], float, float, dict[str, str]]:
        """Return what each group found in a name, the weight matched and left over, the stems used."""
        found: dict[int, float] = {}
        used: dict[str, str] = {}
        matched = extra = 0.0
        for root in name:
            hit = self._by_stem.get(root)
            if hit is not None:
                n, weight = hit
                if weight > found.get(n, 0.0):
                    found[n] = weight
                used[root] = self._groups[n].typed
                matched += self._scale[root][0]
            elif JOINT in root:
                gain, loss = self._match_joint(root, found, used)
                matched += gain
                extra += loss
            else:
                extra += self._scale[root][1]
        return found, matched, extra, used

    def _match_joint(self, root: str, found: dict[int, float], used: dict[str, str]) -> tuple[float, float]:
        """Match a hyphenated word: whole, or by its halves; return the weight matched and left over."""
        whole, *halves = root.split(JOINT)
        there = [r for r in ([whole] if whole in self._by_stem else halves) if r in self._by_stem]
        full = there == [whole] or len(there) == len(halves)
        for part in there:
            n, weight = self._by_stem[part]
            found[n] = max(found.get(n, 0.0), weight if full else 0.75 * weight)
            used[part] = self._groups[n].typed
        worth, cost = self._scale[whole]
        return (worth, 0.0) if full else (0.6 * worth if there else 0.0, 0.6 * cost if there else cost)

    def _standing(self, entry: Entry, used: dict[str, str]) -> float:
        """Return the factor for what an entry is: billable, hinted, of a late chapter, of a side."""
        factor = 1.0 if entry.usable else 0.9
        hint = 0.0
        for prefixes, share in self._reading.hints:
            if entry.code.startswith(prefixes):
                hint = max(hint, share * (0.62 if entry.code.startswith(prefixes[0]) else 0.6))
        if _HISTORY in self._by_stem:  # what was, not what is
            past = entry.code.startswith(_PAST)
            hint *= 1.0 if past else 0.3
            factor *= 1.15 if past else 1.0
        factor *= 1.0 + hint
        if not hint and entry.chapter in _DEMOTED and not any(root in _TURNS for root in used):
            factor *= _DEMOTED[entry.chapter]
        if self._sides:
            there = _SIDES.intersection(entry.names[0])
            if there and not there & self._sides:
                factor *= 0.7
        return factor
