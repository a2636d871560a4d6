r"""Every node against simple-icd-10-cm's own reading of the same file.

The intended differences, each asserted below:

1. A block named as its only category (39 of them) is ``B20-B20`` here.
2. Umbrella blocks (12) are leaves there; here nothing but a code is billable.
3. A note beside a 7th character ("/\tinitial encounter for open fracture NOS") is glued
   to titles and meanings there; here it is an inclusion term at the code that defines it.
4. The table of visual impairment at H54.8 is dropped there, and kept as notes here.
5. Notes are lists of lines there; here an item keeps the line that leads it.
"""

from collections import Counter

import pytest

# Its import uses calls of importlib.resources that Python has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning")

TEXT_FIELDS = {
    "use additional code": "get_use_additional_code",
    "code first": "get_code_first",
    "code also": "get_code_also",
    "note": "get_notes",
    "7th character": "get_seven_chr_note",
}
LIST_FIELDS = {
    "excludes1": "get_excludes1",
    "excludes2": "get_excludes2",
    "includes": "get_includes",
    "inclusion term": "get_inclusion_term",
}


@pytest.fixture(scope="module")
def peer():
    import simple_icd_10_cm  # two seconds, so only here

    return simple_icd_10_cm


@pytest.fixture(scope="module")
def pairs(book, peer):
    """Our node and the arguments that name the same node to the peer, for every node in order."""
    theirs = peer.get_all_codes()
    nodes = [book[code] for code in book]
    assert len(theirs) == len(nodes) == 98_505 and len(set(theirs)) == 98_466
    return [
        (node, name, {"prioritize_blocks": node.kind == "block"})
        for node, name in zip(nodes, theirs, strict=True)
    ]


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_names_are_the_same_in_the_same_order(pairs):
    differ = {(node.code, name) for node, name, _ in pairs if node.code != name}
    assert len(differ) == 39  # 1
    assert all(ours == f"{name}-{name}" for ours, name in differ)


def test_titles_are_the_same(pairs, peer):
    differ = [
        (node, one_line(theirs))
        for node, name, how in pairs
        if node.title != one_line(theirs := peer.get_description(name, **how))
    ]
    assert all(theirs.startswith(f"{node.title}/") for node, theirs in differ)  # 3
    counts = Counter(node.category for node, _ in differ)
    assert counts == {"H34": 8, "H35": 8, "S52": 168, "S72": 153, "S82": 189, "W08": 1}


def test_parents_and_children_are_the_same(pairs, peer):
    name_of = {node.code: name for node, name, _ in pairs}
    children: dict[str, list[str]] = {}
    for node, name, how in pairs:
        assert (name_of[node.parent] if node.parent else "") == peer.get_parent(name, **how)
        children.setdefault(node.parent or "", []).append(name)
    for node, name, how in pairs:
        assert children.get(node.code, []) == peer.get_children(name, **how)


def test_leaves_are_the_billable_codes(pairs, peer):
    differ = [node for node, name, how in pairs if node.billable != peer.is_leaf(name, **how)]
    assert len(differ) == 12 and all(node.kind == "block" for node in differ)  # 2


def test_notes_are_the_same(book, pairs, peer):
    own: dict[tuple[str, str], list[str]] = {}
    seventh_terms, sight = 0, 0
    for note in book.every_note():
        if note.lead.startswith("7th character"):
            seventh_terms += 1  # 3
        elif note.lead == "Visual impairment:":
            sight += 1  # 4
        else:
            own.setdefault((note.origin, note.kind), []).append(note.text)
    assert (seventh_terms, sight) == (8, 7)
    for node, name, how in pairs:
        for kind, field in LIST_FIELDS.items():
            theirs = [one_line(t) for t in getattr(peer, field)(name, **how)]
            assert own.get((node.code, kind), []) == theirs, (node, kind)
        for kind, field in TEXT_FIELDS.items():
            assert " ".join(own.get((node.code, kind), [])) == one_line(getattr(peer, field)(name, **how)), (
                node,
                kind,
            )


def test_7th_character_meanings_are_the_same(pairs, peer):
    differ = set()
    for node, name, how in pairs:
        theirs = {
            c: one_line(t) for c, t in peer.get_seven_chr_def(name, search_in_ancestors=True, **how).items()
        }
        ours = node.seventh
        assert ours.keys() <= theirs.keys()
        if ours.keys() != theirs.keys():
            # Below S06 with 6th character 7 or 8, D and S do not exist.
            assert node.category == "S06" and node.code[6] in "78" and set(ours) == {"A"}
        differ |= {(theirs[c], ours[c]) for c in ours if ours[c] != theirs[c]}
    assert all(theirs.startswith(f"{ours}/") for theirs, ours in differ)  # 3
