"""Drills on the shape of a code: parts, chapter, header, 7th character, placeholder, side."""

import re
from random import Random

from course_lib.codes.book import Code, plain
from course_lib.drills.deck import Deck
from course_lib.drills.model import Choice, Draft

_FINAL_LEVEL = "kind = 'code' AND NOT billable AND seventh IS NOT NULL"


def parts(deck: Deck, rng: Random) -> Draft:
    """Ask which characters are the category or the 7th character, or what a beginning stands for."""
    return rng.choice((_category, _seventh_part, _beginning))(deck, rng)


def _category(deck: Deck, rng: Random) -> Draft:
    code = deck.draw(rng, "billable AND length(plain) > 4")
    bare = plain(code.code)
    wrong = {
        bare[0]: "The first letter alone points at a chapter or two, not at a category.",
        code.code[:5]: "This is already a level below the category.",
        bare[3:]: "These characters come after the dot: they give the detail.",
    }
    choices = [Choice(f"`{bare[:3]}`", bare[:3], True, "The category is the first three characters.")]
    choices += [Choice(f"`{text}`", text, False, why) for text, why in wrong.items()]
    return Draft(
        "part", (code.code, "category"), f"Which characters of `{code.code}` are its category?",
        tuple(choices), deck.tabular(f"{bare[:3]}, the category of {code.code}"), (code.code,),
    )  # fmt: skip


def _seventh_part(deck: Deck, rng: Random) -> Draft:
    code = deck.draw(rng, "billable AND length(plain) = 7 AND seventh IS NOT NULL")
    bare = plain(code.code)
    meaning = code.seventh[bare[6]]
    choices = [Choice(f"`{bare[6]}`", bare[6], True, f"It stands in position 7 and means: {meaning}.")]
    for position in (6, 5, 4, 3, 1):
        char = bare[position - 1]
        if len(choices) < 4 and char not in [c.value for c in choices]:
            choices.append(Choice(f"`{char}`", char, False, f"This character stands in position {position}."))
    if len(choices) < 4:
        choices.append(Choice(f"`{bare[5:]}`", bare[5:], False, "These are the 6th and the 7th character."))
    return Draft(
        "part", (code.code, "7th character"), f"Which character of `{code.code}` is its 7th character?",
        tuple(choices), deck.tabular(f"7th characters of {code.parent}"), (code.code,),
    )  # fmt: skip


def _beginning(deck: Deck, rng: Random) -> Draft:
    wrong: list[Code] = []
    while len(wrong) < 2:  # a few small corners of the book have one title only
        code = deck.draw(rng, "billable AND level > 3")
        node = deck.book[rng.choice([a for a in code.ancestors if deck.book[a].level > 2])]
        others = [*deck.near(node, f"level BETWEEN {node.level - 1} AND {node.level}", 4), *_above(node)]
        wrong = _distinct([n for n in others if n.title.casefold() != node.title.casefold()])
    choices = [Choice(node.title, node.title, True, f"This is the title of `{node.code}`.")]
    choices += [
        Choice(n.title, n.title, False, f"This is the title of `{n.code}`.")
        for n in rng.sample(wrong, min(3, len(wrong)))
    ]
    return Draft(
        "title", (code.code, node.code),
        f"`{code.code}` begins with `{node.code}`. What does that beginning stand for?",
        tuple(choices), deck.tabular(f"title of {node.code}"), (code.code, node.code),
    )  # fmt: skip


def _above(node: Code) -> list[Code]:
    return [n for n in node.book.ancestors(node.code) if n.level > 1]


def _distinct(nodes: list[Code]) -> list[Code]:
    """Return the nodes with the first of each title."""
    found: dict[str, Code] = {}
    for node in nodes:
        found.setdefault(node.title.casefold(), node)
    return list(found.values())


def chapter(deck: Deck, rng: Random) -> Draft:
    """Ask for the chapter of a code; the other options are the chapters around it."""
    code = deck.book[rng.choice(deck.names("level = 2"))]
    code = deck.leaf(rng, code.row, code.last) or code
    all_chapters = deck.kept("chapters", deck.book.chapters)
    right = next(c for c in all_chapters if c.code == code.chapter)
    near = sorted(
        (c for c in all_chapters if c is not right), key=lambda c: abs(int(c.code) - int(right.code))
    )
    letter = code.code[0]
    choices = [
        Choice(
            f"Chapter {c.code}: {c.title}", c.code, c is right,
            f"`{code.code}` lies in {_range(c)}." if c is right else
            f"This chapter holds {_range(c)}; `{code.code}` is outside"
            + (f", though letter {letter} is shared." if letter in _range(c) else "."),
        )
        for c in [right, *rng.sample(near[:4], 3)]
    ]  # fmt: skip
    return Draft(
        "chapter", (code.code,), f"Which chapter of ICD-10-CM holds `{code.code}`?", tuple(choices),
        deck.tabular(f"chapter {right.code}, {_range(right)}"), (code.code,),
    )  # fmt: skip


def _range(chapter: Code) -> str:
    found = re.search(r"\(([^()]*)\)$", chapter.title)
    return found[1] if found else chapter.title


def header(deck: Deck, rng: Random) -> Draft:
    """Ask which code may stand on a claim, or which one is a header."""
    billable = rng.random() < 0.5
    size = rng.randint(3, 7 if billable else 6)
    wanted, other = ("billable", "NOT billable") if billable else ("NOT billable", "billable")
    key = deck.draw(rng, f"level > 1 AND {wanted} AND length(plain) = {size}")
    # Options of about one length, so that the length does not give the key away.
    near = deck.near(key, f"{other} AND length(plain) BETWEEN {size - 1} AND {size + rng.randint(0, 1)}", 4)
    wrong = rng.sample(near, 3)
    stem = (
        "Which of these may stand on a claim as it is: which one is *billable*?" if billable else
        "Which of these is only a *header*, so that it may not stand on a claim?"
    )  # fmt: skip
    choices = [Choice(f"`{n.code}`", n.code, n is key, _header_why(n)) for n in [key, *wrong]]
    return Draft(
        "billable" if billable else "header", ("billable" if billable else "header",), stem, tuple(choices),
        deck.tabular(f"{key.code} and what stands below it"), tuple(n.code for n in [key, *wrong]),
    )  # fmt: skip


def _header_why(node: Code) -> str:
    if node.billable:
        return f"`{node.code}` *{node.title}* is complete: nothing stands below it."
    return f"`{node.code}` *{node.title}* is a header: below it stands `{node.children[0]}`, for example."


def seventh(deck: Deck, rng: Random) -> Draft:
    """Ask for the complete code when the record tells the 7th character."""
    base = deck.draw(rng, _FINAL_LEVEL)
    made = deck.book.children(base.code)
    while len(made) < 3:
        base = deck.draw(rng, _FINAL_LEVEL)
        made = deck.book.children(base.code)
    meanings = base.seventh
    key = rng.choice(made)
    wrong = rng.sample([c for c in made if c is not key], min(3, len(made) - 1))
    meaning = meanings[key.code[-1]]
    choices = [
        Choice(f"`{c.code}`", c.code, c is key, f"7th character {c.code[-1]} means: {meanings[c.code[-1]]}.")
        for c in [key, *wrong]
    ]
    return Draft(
        "completes", (base.code, meaning),
        f"`{base.code}` *{base.title}* needs a 7th character. The record says: **{meaning}**. "
        "Which code is complete and right?",
        tuple(choices), deck.tabular(f"7th characters of {base.code}"), (base.code,),
        hint="Read the list of 7th characters of the category, not only A, D and S.",
    )  # fmt: skip


def placeholder(deck: Deck, rng: Random) -> Draft:
    """Ask how a short code takes its 7th character."""
    base = deck.draw(rng, f"{_FINAL_LEVEL} AND length(plain) < 6")
    char = rng.choice(deck.book.children(base.code)).code[-1]
    bare = plain(base.code)
    gap = 6 - len(bare)
    right = _dotted(bare + "X" * gap + char)
    wrong = {
        _dotted(bare + char): f"Here {char} stands in position {len(bare) + 1}, not in position 7.",
        _dotted(bare + "X" * (gap + 1) + char): "Here is one X too many: a code has at most 7 characters.",
        _dotted(bare + "0" * gap + char): "A zero is a character with a meaning; X fills an empty position.",
        _dotted(bare + char + "X" * gap): f"The X comes before {char}, so that {char} is the 7th character.",
    }
    if gap > 1:
        short = _dotted(bare + "X" * (gap - 1) + char)
        wrong[short] = "Here is one X too few: the 7th character would be the 6th."
    spelled = [text for text in wrong if text not in deck.book]
    choices = [Choice(f"`{right}`", right, True, f"X fills each empty position up to the 6th, then {char}.")]
    choices += [Choice(f"`{text}`", text, False, wrong[text]) for text in rng.sample(spelled, 3)]
    return Draft(
        "fills", (base.code, char), f"`{base.code}` takes the 7th character `{char}`. How is it written?",
        tuple(choices),
        deck.tabular(f"7th characters of {base.code}") + "; Official Guidelines, Section I.A.4 and I.A.5",
        (base.code,),
    )  # fmt: skip


def _dotted(bare: str) -> str:
    return f"{bare[:3]}.{bare[3:]}"


SIDES = ("right", "left", "bilateral", "unspecified")
_SMALL = {"eye", "ear", "side", "unilateral"}
_WORD = re.compile(r"[a-z0-9%-]+")


def side_of(title: str) -> tuple[str, str]:
    """Return the one side that a title names (or "") and the rest of its words, sorted."""
    words = sorted(w for w in _WORD.findall(title.lower()) if w not in _SMALL)
    named = [side for side in SIDES[:3] if side in words]
    if len(named) != 1 or words.count(named[0]) > 1:
        return "", ""
    words.remove(named[0])
    return named[0], " ".join(words)


def laterality(deck: Deck, rng: Random) -> Draft:
    """Ask for the same condition on another side."""
    sides = deck.kept("sides", lambda: _sides(deck))
    both = deck.kept("sided", lambda: [key for key, codes in sides.items() if len(codes) > 1])
    category, rest = rng.choice(both)
    twins = sides[category, rest]
    given, wanted = rng.sample(sorted(twins), 2)
    code, key = deck.book[twins[given]], deck.book[twins[wanted]]
    others = [c for side, c in twins.items() if side != wanted and c != code.code]
    near = [n.code for n in deck.near(key, "billable", 5) if n.code not in (code.code, key.code, *others)]
    wrong = [*others, *rng.sample(near, len(near))][:3]
    choices = [Choice(f"`{key.code}`", key.code, True, f"Its title: *{key.title}*.")]
    choices += [Choice(f"`{c}`", c, False, f"Its title: *{deck.book[c].title}*.") for c in wrong]
    return Draft(
        "twin", (code.code, wanted),
        f"`{code.code}` is *{code.title}*. Which code is the same condition, but **{wanted}**?",
        tuple(choices), deck.tabular(f"titles of {code.code} and {key.code}"), (code.code,),
        hint="Often 1 is right, 2 is left and 3 bilateral, but the titles decide.",
    )  # fmt: skip


def _sides(deck: Deck) -> dict[tuple[str, str], dict[str, str]]:
    """Return codes by category and title without its side, then by side; doubtful ones left out."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    doubtful = set()
    named = " OR ".join(f"title LIKE '%{side}%'" for side in SIDES[:3])  # LIKE takes either case
    rows = deck.book.connection.execute(
        f"SELECT code, category, title FROM node WHERE billable AND ({named}) ORDER BY row"  # noqa: S608
    )
    for code, category, title in rows:
        side, rest = side_of(title)
        if side:
            if side in found.setdefault((category, rest), {}):
                doubtful.add((category, rest))
            found[category, rest][side] = code
    return {key: codes for key, codes in found.items() if key not in doubtful}
