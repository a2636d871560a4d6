"""Spelling: which words of the vocabulary a mistyped or cut word may mean.

The vocabulary of ICD-10-CM is small (about 12,000 words), so candidates come from shared
letter pairs and are then compared letter by letter; nothing beyond the standard
library is needed.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

_CANDIDATES = 24
_SOUNDS = (("ph", "f"), ("ae", "e"), ("oe", "e"), ("rrh", "r"), ("rh", "r"), ("ps", "s"), ("pn", "n"),
           ("kn", "n"), ("ck", "k"), ("ch", "k"), ("cq", "q"), ("x", "ks"), ("z", "s"), ("y", "i"),
           ("ce", "se"), ("ci", "si"), ("c", "k"), ("q", "k"), ("w", "u"), ("h", ""))  # fmt: skip


class Speller:
    """Candidates for a word that is not in the vocabulary.

    Parameters
    ----------
    counts : mapping
        Each word of the vocabulary and how many entries have it.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._sorted = sorted(counts)
        self._by_gram: dict[tuple[int, str], list[int]] | None = None
        self._by_sound: dict[str, list[str]] = {}
        self.near = lru_cache(maxsize=200)(self._near)  # the readings of one query share their words

    def beginning_with(self, start: str, most: int = 40) -> list[tuple[str, float]]:
        """Return the words that begin with `start`, the commonest first, which weighs 1."""
        low, high = bisect_left(self._sorted, start), bisect_left(self._sorted, start + "\x7f")
        found = sorted(self._sorted[low:high], key=lambda w: -self._counts[w])[:most]
        return [(w, (self._counts[w] / self._counts[found[0]]) ** 0.5) for w in found]

    def _near(self, word: str, most: int = 5) -> list[tuple[str, float]]:
        """Return words that `word` may be a misspelling of, best first, with a weight in (0, 1].

        Transposed, missing, added and wrong letters, and letters that sound alike
        ("numonia"). A short word may differ in one place, a long one in two or three.
        """
        allowed = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
        found: dict[str, float] = {}
        for other in self._alike(word):
            off = distance(word, other, allowed)
            if off <= allowed:
                # First letters are seldom wrong; common words are likelier meant.
                off = 1 if sorted(other) == sorted(word) else off  # letters in a wrong order: one slip
                cost = off + (0.3 if other[0] != word[0] else 0) - 0.03 * min(self._counts[other], 20) ** 0.5
                found[other] = cost
        for other in self._by_sound.get(sound(word), ()):
            found[other] = min(found.get(other, 9.0), 0.9 + 0.1 * distance(word, other, 5))
        ranked = sorted(found.items(), key=lambda pair: (pair[1], -self._counts[pair[0]]))
        best = ranked[0][1] if ranked else 0.0
        return [(w, max(0.3, min(1.0, 1.0 - 0.2 * cost))) for w, cost in ranked[:most] if cost <= best + 0.6]

    def _alike(self, word: str) -> list[str]:
        """Return the words of about that length that share most letter pairs with `word`."""
        if self._by_gram is None:
            self._by_gram, self._by_sound = self._index()
        shared: Counter[int] = Counter()
        for length in range(len(word) - 2, len(word) + 3):
            for gram in _grams(word):
                shared.update(self._by_gram.get((length, gram), ()))
        return [self._sorted[i] for i, _ in shared.most_common(_CANDIDATES)]

    def _index(self) -> tuple[dict[tuple[int, str], list[int]], dict[str, list[str]]]:
        by_gram: dict[tuple[int, str], list[int]] = defaultdict(list)
        by_sound: dict[str, list[str]] = defaultdict(list)
        for n, word in enumerate(self._sorted):
            if word.isalpha() and len(word) > 2:
                for gram in _grams(word):
                    by_gram[len(word), gram].append(n)
                if len(word) > 4:
                    by_sound[sound(word)].append(word)
        return dict(by_gram), dict(by_sound)


def _grams(word: str) -> set[str]:
    """Return the letter pairs of a word, its edges marked; a slip spoils two or three of them."""
    edged = f"^{word}$"
    return {edged[i : i + 2] for i in range(len(edged) - 1)}


def sound(word: str) -> str:
    """Return a rough key of how a word sounds; ``pneumonia`` and ``numonia`` share it."""
    for letters, heard in _SOUNDS:
        word = word.replace(letters, heard)
    kept = word[:1]
    for letter in word[1:]:
        if letter != kept[-1:] and letter not in "aeiou":
            kept += letter
    return kept


def distance(one: str, two: str, most: int) -> int:
    """Return the edits between two words (a swap of neighbours is one), or ``most + 1`` when more."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    start, end = 0, min(len(one), len(two))  # what they share at both ends costs nothing
    while start < end and one[start] == two[start]:
        start += 1
    one, two = one[start:], two[start:]
    while one and two and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    if not one or not two:
        return len(one) + len(two)
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if older and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def counted(words: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return word counts added up."""
    total: dict[str, int] = defaultdict(int)
    for word, n in words:
        total[word] += n
    return dict(total)
