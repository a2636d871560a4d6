"""What the code book says of a code while it is typed: whether it exists and could stand on a claim."""

from course_lib.codes.book import CodeBook, plain
from course_lib.codes.near import advice
from course_lib.codes.shapes import tidy_code
from course_lib.labels import t


def about_code(book: CodeBook, text: str) -> str:
    """Return one sentence about what was typed; it never says whether it is the answer.

    >>> about_code(icd10cm.load(), "e11.2")     # doctest: +SKIP
    'E11.2 is a header; it needs a 5th character.'
    """
    code = tidy_code(text)
    if len(plain(code)) < 3:
        return ""
    node = book.get(code)
    if node is None:
        return t("code.unknown", code=code, edition=book.edition, advice=advice(book, code))
    if node.billable:
        return t("code.billable", code=node.code)
    if node.seventh and node.kind == "code":
        return t("code.needs-seventh", code=node.code, characters=", ".join(node.seventh))
    return t(f"code.header.{len(plain(node.code)) + 1}", code=node.code)
