"""People, telephones, dates, organisations and counts in running text: the door to spaCy.

A blank Chinese pipeline (its character tokeniser, no model) with our own parts: a ruler that marks the words of
words.yaml, and components for figures, organisations and people. Each looks at the text that the ones before it left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from corpora.words import words
from extractors.fieldtypes import parse
from extractors.organisations import Span, organisations
from extractors.people import EMAIL, FORMALITY, NAME_LABEL, ORGANISATION, OTHER, OTHER_LABEL, PHONE, PHONE_LABEL, people
from extractors.shapes import count_value, date_value, nearly_phones, phone_value, shapes
from extractors.typed import HAN, fold

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

EntityKind = Literal["person", "phone", "date", "organisation", "count", "email"]

_GROUPS = (
    *("name_labels", "formalities", "role_labels", "phone_labels", "other_labels"),
    *("organisation_endings", "offices", "openers", "protected", "places"),
)


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity. start, end: places in the text, text == whole[start:end].

    value: a person's name without the title (a surname alone keeps it: 刘老师), an organisation without gaps, a
    telephone's digits, a date as YYYY-MM-DD, YYYY-MM or --MM-DD, a count as a number (None when it is about so many).
    """

    kind: EntityKind
    text: str
    value: str | int | None
    start: int
    end: int


@cache
def _pipeline() -> Language:
    """The pipeline, built once a process; spaCy is imported here because that takes a second."""
    import spacy
    from spacy.language import Language

    Language.component("contact_figures", func=_find_figures)
    Language.component("contact_organisations", func=_find_organisations)
    Language.component("contact_people", func=_find_people)
    nlp = spacy.blank("zh")
    ruler = nlp.add_pipe("span_ruler", config={"spans_key": "words"})
    ruler.add_patterns([{"label": group, "pattern": word} for group in _GROUPS for word in sorted(words(group))])
    for component in ("contact_figures", "contact_organisations", "contact_people"):
        nlp.add_pipe(component)
    return nlp


def _add(doc: Doc, kind: EntityKind, start: int, end: int) -> None:
    """Keeps an entity; places are those of the text, which may split no token."""
    if (span := doc.char_span(start, end, label=kind)) is not None:
        doc.spans["found"].append(span)


def _marks(doc: Doc) -> dict[str, list[Span]]:
    """Where the words of each group stand."""
    marks: dict[str, list[Span]] = {group: [] for group in _GROUPS}
    for span in doc.spans["words"]:
        marks[span.label_].append((span.start_char, span.end_char))
    return marks


_MASKS = {"phone": PHONE, "organisation": ORGANISATION, "email": EMAIL}
_LABELS = {
    "name_labels": NAME_LABEL,
    "role_labels": NAME_LABEL,
    "formalities": FORMALITY,
    "phone_labels": PHONE_LABEL,
    "other_labels": OTHER_LABEL,
}
_SURNAME_BEFORE = re.compile(rf"(?:^|[^{HAN}]|的)(?P<surname>[{HAN}]{{1,2}})$")


def _is_label(text: str, start: int, end: int) -> bool:
    """Whether a role (处长：) is a label: a colon follows, and no surname whose title it is comes before (王处长：)."""
    before = _SURNAME_BEFORE.search(text, 0, start)
    named = before and (before["surname"] in words("surnames") or before["surname"] in words("compound_surnames"))
    return re.match(r"\s*:", text[end:]) is not None and not named


def _masked(doc: Doc, people: bool = True) -> str:
    """The text with what has been found, and labels, masked by one character for one."""
    text = list(doc.text)
    for span in doc.spans["found"]:
        if span.label_ == "person" and not people:
            continue
        text[span.start_char : span.end_char] = _MASKS.get(span.label_, OTHER) * len(span.text)
    for span in doc.spans["words"]:
        mask = _LABELS.get(span.label_)
        if mask is None or any(text[i] in _MASKS.values() for i in range(span.start_char, span.end_char)):
            continue
        if span.label_ != "role_labels" or _is_label(doc.text, span.start_char, span.end_char):
            text[span.start_char : span.end_char] = mask * len(span.text)
    return "".join(text)


_DUE = re.compile(rf"{PHONE_LABEL}[^\n{OTHER_LABEL}{NAME_LABEL}]{{0,24}}$")


def _find_figures(doc: Doc) -> Doc:
    doc.spans["found"] = []
    for kind, start, end in shapes(doc.text):
        if kind != "phone" or not re.search(rf"{OTHER_LABEL}[\s:]*$", _masked(doc)[:start]):
            _add(doc, kind, start, end)
    masked = _masked(doc)
    for start, end in nearly_phones(masked):
        if _DUE.search(masked[:start]) or re.match(r"\(?0[0-9]{2,3}[)-]", masked[start:]):
            _add(doc, "phone", start, end)
    return doc


def _find_organisations(doc: Doc) -> Doc:
    for start, end in organisations(_masked(doc), _marks(doc)):
        _add(doc, "organisation", start, end)
    return doc


def _find_people(doc: Doc) -> Doc:
    masked = _masked(doc)
    found = people(masked, _marks(doc))
    for start, end in found:
        _add(doc, "person", start, end)
    for start, end in nearly_phones(masked):  # 胡明祥 1390695503
        beside = any(re.fullmatch(r"[\s:,，()/]{0,3}", masked[e:start]) for _, e in found if e <= start)
        if beside and masked[start] in "01":
            _add(doc, "phone", start, end)
    return doc


def _value(kind: EntityKind, text: str) -> str | int | None:
    if kind == "count":
        return count_value(text)
    if kind == "date":
        return date_value(text)
    if kind == "phone":
        return phone_value(text)
    value = parse(kind, text).value
    return value if isinstance(value, str) else None


def _entity(kind: EntityKind, text: str, start: int, end: int) -> Entity:
    part = text[start:end]
    return Entity(kind, part, _value(kind, part), start, end)


def find_entities(text: str) -> tuple[Entity, ...]:
    """All entities in `text`, a line or a whole mail body, in order; none overlaps another."""
    return _entities(_pipeline()(fold(text)), text)


def _entities(doc: Doc, text: str) -> tuple[Entity, ...]:
    places = sorted((span.start_char, span.end_char, span.label_) for span in doc.spans["found"])
    return tuple(_entity(kind, text, start, end) for start, end, kind in places)


_MIXED = re.compile(r"(?<![0-9A-Za-z])[0-9OolI][0-9OolI\- ]{5,}[0-9OolI]")
_PIECES = re.compile(rf"[{HAN}]+(?: {{1,2}}[{HAN}]+)*")


def split_contact(text: str) -> tuple[Entity | None, Entity | None]:
    """The first person and the first telephone of a contact line on a form, label or not, in any order, run together.

    Where no name is recognised, the Chinese characters that are left over (two to four) are the name: on a line that
    asks for one also a rare or misread surname is. Pieces of a name that stand apart (韦英 刚) are joined. Figures
    mixed with letters (139O6955033) are a telephone without a value.
    """
    doc = _pipeline()(fold(text))
    found = _entities(doc, text)
    person = next((entity for entity in found if entity.kind == "person"), None)
    phone = next((entity for entity in found if entity.kind == "phone"), None)
    rest = _masked(doc, people=False)
    if phone is None and (figures := _MIXED.search(rest)):
        phone = _entity("phone", text, *figures.span())
    for left in _PIECES.finditer(rest):
        pieces = left[0].split()
        size, apart = sum(map(len, pieces)), any(len(piece) == 1 for piece in pieces)
        mine = person is None or (left.start() <= person.start < left.end() and apart)
        of_label = rest.startswith((NAME_LABEL, PHONE_LABEL), left.end())  # 学校|联络人员姓名
        if mine and 2 <= size <= 4 and (apart or len(pieces) == 1) and not of_label:
            return _entity("person", text, *left.span()), phone
    return person, phone
