"""Drills on the notes of the Tabular List: Excludes1 and Excludes2, order, inclusion terms."""

import re
from random import Random

from course_lib.codes.book import Code
from course_lib.codes.checks.model import place, quote
from course_lib.codes.notes import Note, Ref
from course_lib.drills.deck import Deck
from course_lib.drills.model import Choice, Draft

# Notes that hold in some cases only, or for some of the codes that they name.
_CONDITIONAL = re.compile(r"adverse effect|poisoning|underdos|except|other than|for codes?\b|\bwith\b", re.I)
_PAIRS = (
    "SELECT n.code, n.row, n.last, ref.low, ref.high, note.text, note.lead FROM ref "
    "JOIN note ON note.id = ref.note JOIN node n ON n.row = note.row "
    "WHERE note.kind IN ({kinds}) AND ref.pattern IS NULL AND note.unread = '' AND n.level > 0 "
    "ORDER BY note.id, ref.seq"
)
_INCLUSION = (
    "SELECT node.code, note.text FROM note JOIN node ON node.row = note.row "
    "WHERE note.kind = 'inclusion term' AND note.lead = '' AND node.billable ORDER BY note.id"
)


def _pairs(deck: Deck, *kinds: str) -> list[tuple[int, int, int, int]]:
    """Return (first and last row of the note's place, first and last row that it names)."""
    marks = ", ".join(f"'{kind}'" for kind in kinds)
    return deck.kept(
        f"pairs {marks}",
        lambda: [
            (row, last, low, high)
            for _, row, last, low, high, text, lead in deck.book.connection.execute(
                _PAIRS.format(kinds=marks)
            )
            # A range of chapters names nothing that a learner could tell apart.
            if high - low < 3000 and not _CONDITIONAL.search(f"{lead} {text}")
        ],
    )


def _two(deck: Deck, rng: Random, *kinds: str) -> tuple[Code, Code]:
    """Return a billable code that a note holds for, and one that the note names."""
    while True:
        row, last, low, high = rng.choice(_pairs(deck, *kinds))
        one, other = deck.leaf(rng, row, last), deck.leaf(rng, low, high)
        if one and other and one.code != other.code and not row <= other.row <= last:
            return one, other


def excludes(deck: Deck, rng: Random) -> Draft:
    """Ask which code an Excludes1 note keeps apart, or which one an Excludes2 note names."""
    kind = rng.choice(("excludes1", "excludes2"))
    while True:
        code, key = _two(deck, rng, kind)
        if _exclusion(deck, code, key) != kind:
            continue
        near = [n for n in deck.near(key, "billable", 5) if n.code != code.code]
        wrong = [n for n in near if not _exclusion(deck, code, n)]
        contrast = [n for n in _contrast(deck, rng, code, kind) if n.code != key.code]
        if len(wrong) > 2:
            break
    chosen = [*contrast[:1], *rng.sample(wrong, 3)][:3]
    choices = [
        Choice(f"`{n.code}` {n.title}", n.code, n is key, _exclusion_why(deck, code, n))
        for n in [key, *chosen]
    ]
    note = deck.naming(code, key, kind) or deck.naming(key, code, kind)
    at = place(note.origin) if note else ""
    stem = {
        "excludes1": "Which code does an **Excludes1** note keep apart from it, so that the two are not "
        "reported together?",
        "excludes2": "Which code does an **Excludes2** note name, so that both may be reported when the "
        "record has both?",
    }[kind]
    return Draft(
        kind, (code.code,), f"A record has `{code.code}` *{code.title}*. {stem}", tuple(choices),
        deck.tabular(f"{kind.capitalize()} at {at}"), (code.code, *(c.value for c in choices)),
        hint="A note at a category or block holds for every code below it, and it works both ways.",
        explanation="Exception to Excludes1: two conditions that are clearly not related."
        if kind == "excludes1" else "",
    )  # fmt: skip


def _exclusion(deck: Deck, one: Code, other: Code) -> str:
    """Return ``excludes1``, ``excludes2``, ``doubtful`` or "" for what the notes say, either way.

    Doubtful is a pair that both kinds name, or that one names under a condition.
    """
    found = _exclusions(deck, one, other)
    kinds = {note.kind for note, _ in found}
    doubtful = len(kinds) > 1 or any(ref.pattern for _, ref in found)
    return "doubtful" if doubtful else "".join(kinds)


def _exclusions(deck: Deck, one: Code, other: Code) -> list[tuple[Note, Ref]]:
    """Return the Excludes notes of each code whose references reach the other."""
    return [
        (note, ref)
        for code, named in ((one, other), (other, one))
        for note in deck.notes(code)
        if note.kind in ("excludes1", "excludes2")
        for ref in note.refs
        if ref.span[0] <= named.row <= ref.span[1]
    ]


def _says_what(note: Note) -> str:
    """Return a note in quotation marks; those that begin with a comma follow words like code first."""
    return quote(note).replace('", ', '"', 1)


def _contrast(deck: Deck, rng: Random, code: Code, kind: str) -> list[Code]:
    """Return codes that the other kind of Excludes note names: the best wrong options."""
    other = "excludes2" if kind == "excludes1" else "excludes1"
    refs = [r for n in deck.notes(code) if n.kind == other for r in n.refs if r.pattern is None]
    rng.shuffle(refs)
    found = [deck.leaf(rng, *ref.span) for ref in refs[:2]]
    return [n for n in found if n and n.code != code.code and _exclusion(deck, code, n) == other]


def _exclusion_why(deck: Deck, one: Code, other: Code) -> str:
    for kind in ("excludes1", "excludes2"):
        for code, named in ((one, other), (other, one)):
            if note := deck.naming(code, named, kind):
                what = "not reported together" if kind == "excludes1" else "both may be reported"
                return f"{kind.capitalize()} at {place(note.origin)} says {_says_what(note)}: {what}."
    return f"No Excludes note of `{one.code}` names `{other.code}`, and none the other way round."


def order(deck: Deck, rng: Random) -> Draft:
    """Ask in which order two codes stand, by code first, use additional code and code also."""
    kinds = rng.choice((("code first",), ("use additional code",), ("code also",)))
    while True:
        one, other = _two(deck, rng, *kinds)
        says = _says(deck, one, other)
        if len(says) == 1 and not _exclusion(deck, one, other) and _clean(deck, one, other, *says):
            break
    right = says.pop()
    asked = sorted((one.code, other.code))
    if rng.random() < 0.5:
        asked.reverse()
    note = deck.naming(one, other, *kinds) or deck.naming(other, one, *kinds)
    at = place(note.origin) if note else ""
    why = f"{kinds[0].capitalize()} at {at} says {_says_what(note) if note else ''}."
    options = {
        f"{asked[0]}, then {asked[1]}": f"`{asked[0]}`, then `{asked[1]}`",
        f"{asked[1]}, then {asked[0]}": f"`{asked[1]}`, then `{asked[0]}`",
        "either order": "The notes allow either order",
    }
    choices = [
        Choice(text, value, value == right, why if value == right else f"Not so. {why}")
        for value, text in options.items()
    ]
    titles = {one.code: one.title, other.code: other.title}
    return Draft(
        "order", (asked[0], asked[1]),
        f"A record supports `{asked[0]}` *{titles[asked[0]]}* and `{asked[1]}` *{titles[asked[1]]}*. "
        "In which order do the notes put them?",
        tuple(choices), deck.tabular(f"{kinds[0]} at {at}") + "; Official Guidelines, Section I.A.13 and "
        "I.A.17", (one.code, other.code),
        hint="Look for code first, use additional code and code also at each code and above it.",
    )  # fmt: skip


def _says(deck: Deck, one: Code, other: Code) -> set[str]:
    """Return every order that the notes of two codes ask for; ``either order`` for code also alone."""
    says = set()
    for code, named in ((one, other), (other, one)):
        if deck.naming(code, named, "code first"):
            says.add(f"{named.code}, then {code.code}")
        if deck.naming(code, named, "use additional code"):
            says.add(f"{code.code}, then {named.code}")
    if not says and (deck.naming(one, other, "code also") or deck.naming(other, one, "code also")):
        says.add("either order")
    return says


_ORDER_FINDINGS = {
    "manifestation-first", "code-first-order", "use-additional-order", "external-cause-first",
    "supplementary-first", "principal-code-later", "wrong-record", "excludes1", "stands-alone",
    "sequela-first", "underdosing-first", "poisoning-order", "combination-code", "laterality-conflict",
}  # fmt: skip


def _clean(deck: Deck, one: Code, other: Code, says: str) -> bool:
    """Return whether the checker of code lists agrees: a claim in that order raises nothing."""
    pairs = [says.split(", then ")] if says != "either order" else [
        [one.code, other.code], [other.code, one.code]
    ]  # fmt: skip
    return not any(f.kind in _ORDER_FINDINGS for pair in pairs for f in deck.book.check(pair))


def phrase(deck: Deck, rng: Random) -> Draft:
    """Ask for the billable code under which a phrase stands as an inclusion term."""
    wrong: list[Code] = []
    while len(wrong) < 2:
        code, term = rng.choice(deck.kept("terms", lambda: _terms(deck)))
        key = deck.book[code]
        # A neighbour whose title has every word of the phrase could be taken for it with some right.
        near = [n for n in deck.near(key, "billable", 5) if not _words(term) <= _words(n.title)]
        wrong = [n for n in near if n.block == key.block] or near
    above = deck.book.ancestors(key.code)[0]
    chosen = rng.sample(wrong, min(3, len(wrong)))
    if above.level > 1 and not above.billable:
        chosen = [above, *chosen[:2]]
    choices = [
        Choice(f"`{n.code}` {n.title}", n.code, n is key, _phrase_why(n, term, n is key))
        for n in [key, *chosen]
    ]
    return Draft(
        "includes", (term,), f"The provider writes: *{term}*. Which code is the most specific one for it?",
        tuple(choices), deck.tabular(f"inclusion term at {key.code}"), tuple(c.value for c in choices),
        hint="The words of a record are often inclusion terms: they stand below a title, not in it.",
    )  # fmt: skip


_SMALL_WORDS = {"nos", "of", "the", "in", "with", "and", "due", "to"}


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower())) - _SMALL_WORDS


def _phrase_why(node: Code, term: str, right: bool) -> str:
    if right:
        return f"{term!r} is an inclusion term of `{node.code}`."
    if not node.billable:
        return f"`{node.code}` is a header: it may not be reported, and a code below it has the phrase."
    return f"The phrase does not stand at `{node.code}`."


_NOT_A_TERM = re.compile(r"\b(code|codes|chapter|category|note|see|use)\b|[:.;]$|\(.*\d.*\)", re.I)


def _terms(deck: Deck) -> list[tuple[str, str]]:
    """Return billable codes and inclusion terms that stand at one place of the book only."""
    rows = deck.book.connection.execute(_INCLUSION).fetchall()
    texts = [text for (text,) in deck.book.connection.execute("SELECT text FROM note")]
    texts += [title for (title,) in deck.book.connection.execute("SELECT title FROM node")]
    seen: dict[str, int] = {}
    for text in texts:
        seen[text.casefold()] = seen.get(text.casefold(), 0) + 1
    return [
        (code, text)
        for code, text in rows
        if seen[text.casefold()] == 1 and 8 < len(text) < 90 and not _NOT_A_TERM.search(text)
    ]
