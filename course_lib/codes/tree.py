"""From the entries of a Tabular List to the nodes of the code book.

Adds what the printed list leaves to its reader: the codes that a 7th character makes,
who stands under whom, and which codes are final.
"""

import re
from dataclasses import dataclass

from course_lib.codes.listing import Listed
from course_lib.codes.tabular import Entry
from course_lib.errors import CourseError


@dataclass(slots=True)
class Node:
    """One row of the code book; `course_lib.codes.build` says what each field holds."""

    row: int
    code: str
    title: str
    kind: str
    level: int
    line: int
    parent: "Node | None" = None
    chapter: str | None = None
    block: str | None = None
    category: str | None = None
    billable: bool = False
    last: int = 0
    definer: "Node | None" = None
    entry: Entry | None = None

    @property
    def plain(self) -> str:
        """The code without its dot."""
        return self.code.replace(".", "")


def grow(entries: list[Entry], listed: list[Listed] | None) -> list[Node]:
    """Return the nodes in the order of the book.

    Parameters
    ----------
    entries : list of Entry
        What `tabular.read` returned.
    listed : list of Listed, optional
        The codes that exist. It decides which 7th characters a code takes; without it
        the notes decide.

    Raises
    ------
    CourseError
        When the list and the entries disagree about the codes.
    """
    categories = {e.name for e in entries if e.tag == "diag" and e.depth == 2}
    exists = {c.plain for c in listed} if listed else None
    barred = _barred(entries)
    nodes: list[Node] = []
    path: list[Node] = []
    for number, entry in enumerate(entries):
        del path[entry.depth :]
        node = _node(len(nodes) + 1, entry, path[-1] if path else None, categories)
        nodes.append(node)
        path.append(node)
        is_final = number + 1 == len(entries) or entries[number + 1].depth <= entry.depth
        if is_final and entry.tag == "diag":
            if node.kind == "subcategory":
                node.kind = "code"
            added = _extended(node, len(nodes), exists, barred)
            nodes += added
            node.billable = not added
        for above in path:
            above.last = len(nodes)
    if listed:
        _agree(nodes, listed)
    return nodes


def _node(row: int, entry: Entry, parent: Node | None, categories: set[str]) -> Node:
    code = entry.name
    if entry.tag == "section" and code in categories:
        code = f"{code}-{code}"
    kind = {"chapter": "chapter", "section": "block"}.get(entry.tag) or (
        "category" if len(code) == 3 else "subcategory"
    )
    node = Node(row, code, entry.title, kind, entry.depth, entry.line, parent, last=row, entry=entry)
    if parent:
        node.chapter, node.block, node.category = parent.chapter, parent.block, parent.category
        node.definer = parent.definer
    if kind in ("chapter", "block", "category"):
        setattr(node, kind, code)
    if entry.seventh:
        node.definer = node
    return node


def _extended(
    node: Node, row: int, exists: set[str] | None, barred: list[tuple[str, str, str]]
) -> list[Node]:
    """Return the 7th-character codes of one printed code."""
    if node.definer is None or node.definer.entry is None:
        return []
    stem = node.plain.ljust(6, "X")
    added: list[Node] = []
    for char, meaning in node.definer.entry.seventh.items():
        plain = stem + char
        if exists is not None:
            applies = plain in exists
        else:
            applies = not any(plain.startswith(c) and plain[5] in s and char in no for c, s, no in barred)
        if applies:
            added.append(
                Node(
                    row + len(added) + 1, f"{plain[:3]}.{plain[3:]}", f"{node.title}, {meaning}", "code",
                    node.level + 1, node.line, node, node.chapter, node.block, node.category,
                    True, row + len(added) + 1, node.definer,
                )
            )  # fmt: skip
    return added


def _barred(entries: list[Entry]) -> list[tuple[str, str, str]]:
    """Return (category, 6th characters, 7th characters that do not apply with them).

    One note of the book says so, at S06: "7th characters D and S do not apply to codes
    in category S06 with 6th character 7 - ..., or 8 - ...".
    """
    rule = re.compile(
        r"7th characters? ([A-Z])(?: and ([A-Z]))? do(?:es)? not apply to codes in category (\w{3}) "
        r"with 6th character (.*)"
    )
    found = []
    for entry in entries:
        for _, _, text in entry.notes:
            if hit := rule.match(text):
                sixths = re.findall(r"(?:^|or )(\w) - ", hit[4])
                found.append((hit[3], "".join(sixths), hit[1] + (hit[2] or "")))
    return found


def _agree(nodes: list[Node], listed: list[Listed]) -> None:
    says = listed[0].billable is not None
    theirs = {c.plain for c in listed if c.billable is not False}
    ours = {n.plain for n in nodes if n.billable}
    missing, extra = (theirs - ours if says else set()), ours - theirs
    if missing or extra:
        first = sorted(missing | extra)[:5]
        raise CourseError(
            f"the Tabular List and the list of codes disagree about {len(missing | extra)} codes, "
            f"first {', '.join(first)}.",
            remedy="Give two files of the same release.",
        )
