"""Reading a query: abbreviations, lay words, spelling, sides and numbers, as data for the search.

A query becomes one or two `Reading`: the words as typed, and the words with what lay
phrases and abbreviations mean put in their place. Each word is a `Group` of stems, any
of which will do.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from course_lib.codes import words
from course_lib.codes.spelling import Speller
from course_lib.codes.thesaurus import Phrase, Thesaurus, join
from course_lib.codes.words import NEGATED, STOP, WEAK, stem

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_SIDE = {"right": ("right",), "left": ("left",), "bilateral": ("bilateral",), "both": ("bilateral",)}
# Words of a visit, not of a disease: they choose the 7th character and are not looked up.
_ALSO_WORDS = frozenset({"hit"})  # abbreviations only when they stand alone: hit by a car
_ENCOUNTER = frozenset({"encounter", "initial", "subsequent", "visit", "first", "healing", "routine"})


@dataclass(slots=True)
class Group:
    """One word of a query and the stems that will do for it, each with a weight in (0, 1]."""

    typed: str
    stems: dict[str, float]
    weight: float = 1.0
    optional: bool = False
    side: bool = False
    exact: bool = True
    synonyms: set[str] = field(default_factory=set)  # those of `stems` that are another word
    notes: dict[str, str] = field(default_factory=dict)  # stem -> how it came in

    def own(self) -> list[tuple[str, float]]:
        """Return the stems that are the word itself, well or badly spelled, with their weights."""
        return [(s, w) for s, w in self.stems.items() if s not in self.synonyms]


@dataclass(slots=True)
class Reading:
    """One way to read a query."""

    groups: list[Group]
    hints: list[tuple[tuple[str, ...], float]] = field(default_factory=list)  # code prefixes, share of query
    notes: list[str] = field(default_factory=list)
    given: set[str] = field(default_factory=set)  # every stem, for the 7th character


class Reader:
    """Reads queries against one edition's vocabulary.

    Parameters
    ----------
    vocabulary : mapping
        Each word of the book and how many entries have it.
    counts : mapping
        Each stem and how many entries have it.
    total : int
        How many entries there are.
    """

    def __init__(
        self, thesaurus: Thesaurus, vocabulary: Mapping[str, int], counts: Mapping[str, int], total: int
    ) -> None:
        self._thesaurus = thesaurus
        self._counts = counts
        self._total = total
        spoken = {w: 3 for w in thesaurus.words if w.isalpha()}
        self._words = {**spoken, **vocabulary}
        self._said = {stem(w) for w in thesaurus.words}
        self._speller = Speller(self._words)
        # A learner may also know the book's word where a title has the common one (renal, kidney).
        self._said_for: dict[str, list[str]] = {}
        for root, phrases in thesaurus.by_stem.items():
            for phrase in phrases:
                if len(phrase.stems) == len(phrase.official) == 1 and not phrase.codes and root in counts:
                    self._said_for.setdefault(stem(phrase.official[0]), []).append(root)

    def weight(self, stems: Iterable[str]) -> float:
        """Return how much a word says: the log of how rare it is, about 1 (common) to 9."""
        df = max((self._counts.get(s, 0) for s in stems), default=0)
        return 1.0 + math.log((self._total + 1) / (df + 20)) if df else 5.0

    def read(self, query: str) -> list[Reading]:
        """Return the readings of `query`: as typed first, then with lay words translated."""
        typed = Reading([])
        self._collect(join(self._thesaurus.tokens(query), self._thesaurus.words, self._words), typed)
        if not typed.groups:
            return []
        readings = [typed]
        translated = self._translate(typed)
        if translated is not None:
            readings.append(translated)
        for reading in readings:
            for group in reading.groups:
                reading.given.update(group.stems)
        return readings

    def widen(self, reading: Reading) -> Reading:
        """Return the reading with every word also taken as cut or mistyped, though it is a word."""
        return replace(reading, groups=[self._wider(g) for g in reading.groups])

    def _wider(self, group: Group) -> Group:
        word = group.typed
        if group.side or not group.exact or len(word) < 4 or not word.isalpha() or group.optional:
            return group
        more = dict(group.stems)
        notes = dict(group.notes)
        for other, weight in self._speller.beginning_with(word):
            more.setdefault(stem(other), 0.15 * weight + 0.65)
            notes.setdefault(stem(other), f"'{word}' read as {other}")
        for other, weight in self._speller.near(word):
            more.setdefault(stem(other), 0.8 * weight)
            notes.setdefault(stem(other), f"spelled '{word}' as {other}")
        return replace(group, stems=more, notes=notes)

    def _collect(self, tokens: list[str], into: Reading) -> None:
        """Turn words into groups, abbreviations replaced by what they mean."""
        spoken: list[tuple[str, bool]] = []
        n = 0
        while n < len(tokens):
            if tokens[n] == "no" and not self._thesaurus.begins(tokens[n : n + 2]):
                tokens[n] = "without"
            found = self._abbreviation(tokens, n)
            if found is None:
                spoken.append((tokens[n], False))
                n += 1
                continue
            phrase, used = found
            n += used
            spoken += [(word, True) for word in phrase.official]
            if phrase.official:
                into.notes.append(f"{phrase.said} = {phrase.means}")
            if phrase.codes:
                into.hints.append((phrase.codes, used / len(tokens)))
        into.groups += self._spell_out(spoken)

    def _spell_out(self, spoken: Iterable[tuple[str, bool]]) -> list[Group]:
        """Return the groups of words, each with whether it is known to be right."""
        groups: list[Group] = []
        denied = False
        for word, known in spoken:
            if word in words.NEGATORS:
                denied = True
            elif word in (",", "with", "and"):
                denied = False
            else:
                groups += self._groups(word, denied, known)
        return groups

    def _abbreviation(self, tokens: list[str], n: int) -> tuple[Phrase, int] | None:
        for size in (4, 3, 2, 1):
            phrase = self._thesaurus.abbreviations.get(tuple(tokens[n : n + size]))
            if phrase is not None and len(tokens) >= n + size:
                if phrase.said in _ALSO_WORDS and len(tokens) > 1:
                    continue
                return phrase, size
        return None

    def _groups(self, word: str, denied: bool, known: bool) -> list[Group]:
        """Return the group of one word; two when it is two words run together."""
        if word in STOP or word == ",":
            return []
        if word in _SIDE:
            return [Group(word, {stem(s): 1.0 for s in _SIDE[word]}, 1.2, optional=True, side=True)]
        if word.isdigit() or word in _ROMAN:
            return [Group(word, {word: 1.0, _ROMAN.get(word, word): 1.0}, 2.5, optional=True)]
        root = stem(word)
        if word in self._words or known:
            group = Group(word, {root: 1.0}, self.weight([root]))
        elif root in self._counts or root in self._said:  # another form of a word, or a cut one
            group = self._guess(word)
            group.stems[root] = 0.95
            group.weight = self.weight(group.stems)
        else:
            halves = self._halves(word)
            group = self._guess(word) if halves is None or min(map(len, halves)) < 4 else Group(word, {})
            if not group.stems and halves:
                return [g for half in halves for g in self._groups(half, denied, known=True)]
        if word in WEAK or word in _ENCOUNTER:
            group.weight, group.optional = min(group.weight, 0.6), True
        if denied:
            group.stems = {
                **{NEGATED + s: w for s, w in group.stems.items()},
                **dict.fromkeys(group.stems, 0.2),
            }
        self._add_synonyms(group)
        return [group]

    def _guess(self, word: str) -> Group:
        """Return the words that an unknown one may be: the start of one, or a misspelling."""
        stems: dict[str, float] = {}
        notes: dict[str, str] = {}
        if len(word) > 2:
            for other, weight in self._speller.beginning_with(word):
                stems.setdefault(stem(other), 0.15 * weight + 0.8)
                notes.setdefault(stem(other), f"'{word}' read as {other}")
        if len(word) > 3:
            share = 0.7 if stems else 1.0
            for other, weight in self._speller.near(word):
                stems.setdefault(stem(other), share * weight)
                notes.setdefault(stem(other), f"spelled '{word}' as {other}")
        weight = self.weight(stems) if stems else 0.3
        return Group(word, stems, weight, exact=False, optional=not stems, notes=notes)

    def _halves(self, word: str) -> tuple[str, str] | None:
        """Split words run together (``backpain``)."""
        for cut in range(3, len(word) - 2):
            if word[:cut] in self._words and word[cut:] in self._words:
                return word[:cut], word[cut:]
        return None

    def _add_synonyms(self, group: Group) -> None:
        """Add the one-word synonyms of a word (kidney, renal)."""
        # Of several guesses only the best: the rest are doubtful enough.
        for root, weight in list(group.stems.items())[: None if group.exact else 1]:
            for phrase in self._thesaurus.by_stem.get(root, ()):
                if len(phrase.stems) == len(phrase.official) == 1 and not phrase.codes:
                    other = stem(phrase.official[0])
                    if other not in group.stems:
                        group.stems[other] = 0.92 * weight
                        group.synonyms.add(other)
                        group.notes[other] = f"{phrase.said} = {phrase.means}"
            for other in self._said_for.get(root, ()):
                if other not in group.stems:
                    group.stems[other] = 0.85 * weight
                    group.synonyms.add(other)

    def _translate(self, typed: Reading) -> Reading | None:
        """Return the reading with lay phrases replaced, or None when there is none."""
        places = [n for n, g in enumerate(typed.groups) if not g.side]
        out: list[Group] = [g for g in typed.groups if g.side]
        hints, notes = list(typed.hints), list(typed.notes)
        whole = sum(g.weight for g in typed.groups) or 1.0
        changed = False
        at = 0
        while at < len(places):
            group = typed.groups[places[at]]
            match = self._phrase_at(typed.groups, places, at)
            if match is None:
                out.append(group)
                at += 1
                continue
            phrase, sure = match
            span = [typed.groups[p] for p in places[at : at + len(phrase.stems)]]
            at += len(phrase.stems)
            changed = True
            for official in self._spell_out((word, True) for word in phrase.official):
                official.stems = {root: sure * weight for root, weight in official.stems.items()}
                out.append(official)
            if len(span) == 1 and not span[0].exact:
                sure *= 0.3  # one misspelled word alone is a weak sign of what was meant
            if phrase.codes:
                hints.append((phrase.codes, sure * sum(g.weight for g in span) / whole))
            if [stem(w) for w in phrase.official] != list(phrase.stems):
                notes.append(f"{phrase.said} = {phrase.means}")
            for g, root in zip(span, phrase.stems, strict=False):
                notes += [g.notes[root]] if root in g.notes and not g.exact else []
        return Reading(_without_repeats(out), hints, notes) if changed else None

    def _phrase_at(self, groups: list[Group], places: list[int], at: int) -> tuple[Phrase, float] | None:
        """Return the longest lay phrase that begins at a place, and how sure its words are."""
        best: tuple[float, Phrase, float] | None = None
        group = groups[places[at]]
        for root, weight in group.stems.items():
            for phrase in self._thesaurus.by_stem.get(root, ()):
                if root in group.synonyms and len(phrase.stems) == 1:
                    continue  # a synonym helps to know a phrase (blood in pee), not to make one
                size = len(phrase.stems)
                if size == len(phrase.official) == 1 and not phrase.codes:
                    continue  # already a synonym of the word
                if at + size > len(places):
                    continue
                there = [groups[p].stems for p in places[at : at + size]]
                sure = max(
                    min(have.get(s, 0.0) for have, s in zip(there, order, strict=True))
                    for order in phrase.orders()
                )
                if sure > max(0.25, 0.5 * weight) and (best is None or (size + sure) > best[0]):
                    best = (size + sure, phrase, sure)
        return None if best is None else (best[1], best[2])


def _without_repeats(groups: list[Group]) -> list[Group]:
    seen: set[str] = set()
    kept: list[Group] = []
    for group in groups:
        first = next(iter(group.stems), group.typed)
        if first not in seen:
            seen.add(first)
            kept.append(group)
    return kept
