"""The thesaurus of the search: lay words and abbreviations, and what the book calls them.

Its rows are ``datasets/codes/lay_synonyms.csv`` and ``abbreviations.csv``.
"""

import csv
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from course_lib.codes import words
from course_lib.codes.words import STOP, stem

_MOST_WORDS = 24


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row of the thesaurus: what is said, what the book calls it, where it is."""

    said: str
    means: str
    codes: tuple[str, ...]
    stems: tuple[str, ...]
    official: tuple[str, ...]  # words

    def orders(self) -> tuple[tuple[str, ...], ...]:
        """Return the orders in which it may be said: its own, or its first word last (cancer of the lung)."""
        return self.stems, self.stems[1:] + self.stems[:1]


class Thesaurus:
    """The lay synonyms and abbreviations of ``datasets/codes``."""

    def __init__(self, synonyms: Path, abbreviations: Path) -> None:
        self.abbreviations: dict[tuple[str, ...], Phrase] = {}
        symbols: dict[str, str] = {}
        for said, means, codes in _rows(abbreviations):
            if re.search(r"[^a-z0-9 ]", said):
                key = "qq" + "".join(f"{ord(c):x}" if not c.isalnum() else c for c in said)
                symbols[said] = key
                spoken: tuple[str, ...] = (key,)
            else:
                spoken = tuple(said.split())
            self.abbreviations[spoken] = _phrase(said, means, codes)
        self._symbols = symbols
        ordered = sorted(symbols, key=len, reverse=True)
        self._symbol = re.compile(
            "(?<![a-z0-9])(?:" + "|".join(map(re.escape, ordered)) + r")(?=$|[^a-z]|(?<=/)[a-z])"
        )
        self.words: set[str] = set()
        self.by_stem: dict[str, list[Phrase]] = {}
        phrases = [_phrase(*row) for row in _rows(synonyms)]
        for phrase in phrases:
            self.words.update(w for w in words.tokens(phrase.said) if w not in STOP)
        for phrase in phrases:
            self._add(phrase)
        for phrases in self.by_stem.values():
            phrases.sort(key=lambda p: -len(p.stems))

    def _add(self, phrase: Phrase) -> None:
        spoken = tuple(words.tokens(phrase.said))
        literal = len(phrase.stems) == 1 < len(spoken)  # "on insulin": its small words matter
        if literal or any((w,) in self.abbreviations for w in spoken):  # "std test"
            self.abbreviations.setdefault(spoken, phrase)
            if spoken[:2] == ("history", "of"):
                for order in (
                    ("hx", *spoken[2:]),
                    ("hx", *spoken[1:]),
                    (*spoken[2:], "hx"),
                    (*spoken[2:], "history"),
                ):
                    self.abbreviations.setdefault(order, phrase)
        if literal:
            return
        joined = tuple(stem(w) for w in join(list(spoken), self.words) if w not in STOP)
        if joined != phrase.stems and len(joined) < len(
            phrase.stems
        ):  # "heart beat", as the query will have it
            self._file(replace(phrase, stems=joined))
        self._file(phrase)

    def _file(self, phrase: Phrase) -> None:
        for first in {order[0] for order in phrase.orders()}:
            self.by_stem.setdefault(first, []).append(phrase)

    def begins(self, pair: list[str]) -> bool:
        """Return whether some phrase begins with these two words (no energy)."""
        ahead = tuple(map(stem, pair))
        return any(p.stems[:2] == ahead for p in self.by_stem.get(ahead[0], ()))

    def tokens(self, query: str) -> list[str]:
        """Return the words of a query, abbreviations with signs (``w/o``) as one word each."""
        text = words.plain_text(query[:400])
        if self._symbols:
            text = self._symbol.sub(lambda m: f" {self._symbols[m.group()]} ", text)
        return words.tokens(text)[:_MOST_WORDS]


def _rows(file: Path) -> Iterable[tuple[str, str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            said, means, codes = row.values()
            yield said, means, codes


def _phrase(said: str, means: str, codes: str) -> Phrase:
    official = tuple(w for w in words.tokens(means) if w != ",")
    prefixes = tuple(c for c in codes.split(";") if c)
    stems = [part for root in words.stems(said) for part in root.split(words.JOINT)[:1]]
    return Phrase(said, means, prefixes, tuple(stems) or (said,), official)


def join(tokens: list[str], spoken: Container[str], known: Container[str] = ()) -> list[str]:
    """Join neighbours that are one word to people (ear wax), or a known word only together."""
    joined: list[str] = []
    n = 0
    while n < len(tokens):
        pair = "".join(tokens[n : n + 2])
        two = n + 1 < len(tokens) and pair.isalpha()
        if two and (pair in spoken or (pair in known and any(t not in known for t in tokens[n : n + 2]))):
            joined.append(pair)
            n += 2
        else:
            joined.append(tokens[n])
            n += 1
    return joined
