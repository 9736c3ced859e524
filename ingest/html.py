"""The door to lxml: the HTML of a mail to the text that its reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

LONGEST = 500_000
"""Characters of HTML that are read; real mails stay far below, and a hostile one is slow beyond."""

_SILENT = {"script", "style", "title", "template"}
_BLOCKS = {
    *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4"),
    *("h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tbody", "thead", "tr", "ul"),
}
_CELLS = {"td", "th"}


def html_text(source: str) -> str:
    """The visible text: one line for each block, cells of a table set apart by a space. Never raises."""
    parser = etree.HTMLParser(recover=True, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(source[:LONGEST].encode("utf-8", "replace"), parser)
    except etree.LxmlError:  # nothing in it that is HTML
        root = None
    text = re.sub(r"[^\S\n]+", " ", "" if root is None else "".join(_pieces(root)))
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _pieces(root: etree._Element) -> Iterator[str]:
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            if skipped is None and element.tag in _SILENT:
                skipped = element
            if skipped is None:
                yield _break(element.tag) + _flat(element.text)
        else:
            if skipped is element:
                skipped = None
            if skipped is None:
                yield _break(element.tag) + _flat(element.tail)


def _break(tag: str) -> str:
    return "\n" if tag in _BLOCKS else " " if tag in _CELLS else ""


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
