"""What people said of a record, carried over when the machine looks again. Pure.

- A value that a person wrote or confirmed (`origin: person`) stays, and the form is judged with it. So does a school or
  certificate that a person chose.
- States stay. The one exception: an accepted record goes back to review, with `record.reopened`, when a value or a
  match that no person had confirmed is now another, for then what was accepted is no longer what the record says.
  Returned and rejected records are never reopened: the school has its answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from corpora.vocabulary import vocabulary
from extractors.extraction import Extraction, Reading

Body = dict[str, Any]
REOPENED = "record.reopened"
SETTLED = ("unmatched", "ambiguous", "conflict", "misspelt", "short_name")


def with_corrections(extraction: Extraction, before: Body | None) -> Extraction:
    """The extraction with what people wrote in place of what the machine read."""
    if before is None:
        return extraction
    fields = _corrected(extraction.fields, before["fields"])
    rows = extraction.rows
    if _rows_by_people(before):
        rows = tuple(
            _corrected(rows[place] if _same_rows(rows, before) else {}, row, every=not _same_rows(rows, before))
            for place, row in enumerate(before["rows"])
        )
    return replace(extraction, fields=fields, rows=rows)


def carried(before: Body, after: Body) -> Body:
    """The machine's new record with the people's part of the one before, and the state that follows."""
    body = after | {"state": before["state"], "level": before["level"]}
    body["fields"] = after["fields"] | {key: one for key, one in before["fields"].items() if _by_person(one)}
    if _rows_by_people(before):
        same = _same_rows(after["rows"], before)
        body["rows"] = [
            (after["rows"][place] if same else row) | {key: one for key, one in row.items() if _by_person(one)}
            for place, row in enumerate(before["rows"])
        ]
    body = _with_matches(before, body)
    if changed := _changed(before, body) if before["state"] == "accepted" else []:
        body |= {"state": "review", "lane": "ask", "findings": [*body["findings"], _reopened(changed)]}
    elif before["state"] == "review":
        earlier = [one for one in before["findings"] if one["code"] == REOPENED]
        body |= {"findings": [*body["findings"], *earlier], "lane": "ask" if earlier else body["lane"]}
    return body


def _by_person(reading: Mapping[str, Any]) -> bool:
    return reading.get("origin") == "person"


def _rows_by_people(body: Body) -> bool:
    return any(_by_person(one) for row in body["rows"] for one in row.values())


def _same_rows(rows: Any, before: Body) -> bool:
    return len(rows) == len(before["rows"])


def _corrected(read: Mapping[str, Reading], said: Body, *, every: bool = False) -> dict[str, Reading]:
    """every: also what the machine had read, since its new rows cannot be told to be the same."""
    people = {key: _reading(one) for key, one in said.items() if every or _by_person(one)}
    return dict(read) | people


def _reading(one: Body) -> Reading:
    box = tuple(one["box"]) if one.get("box") else None
    sure = 1.0 if _by_person(one) else one["confidence"]
    doubt = "" if _by_person(one) else one.get("doubt", "")
    return Reading(one["text"], one["value"], one["reading"], sure, one.get("page"), box, doubt=doubt)


def _with_matches(before: Body, after: Body) -> Body:
    """The matches that people chose; what the machine asks of them is answered."""
    matches, was = dict(after["matches"]), before["matches"]
    answered: set[tuple[str, int | None]] = set()
    for kind in ("school", "certificate"):
        if _chosen(was.get(kind)):
            matches[kind] = was[kind]
            answered |= {(f"{kind}.{code}", None) for code in SETTLED}
    rows = list(matches.get("rows") or [])
    for place, row in enumerate(was.get("rows") or []):
        if place < len(rows) and _chosen(row.get("certificate")):
            rows[place] = row
            answered |= {(f"certificate.{code}", place + 1) for code in SETTLED}
    matches["rows"] = rows
    findings = [one for one in after["findings"] if (one["code"], one["row"]) not in answered]
    return after | {"matches": matches, "findings": findings}


def _chosen(match: Body | None) -> bool:
    return bool(match and match.get("decided") and "person" in (match.get("reasons") or []))


def _changed(before: Body, after: Body) -> list[str]:
    """What differs that no person had confirmed, in words."""
    words = vocabulary()
    changed = [words.field(k).heading for k in _differing(before["fields"], after["fields"])]
    if len(before["rows"]) != len(after["rows"]):
        changed.append(f"行数 {len(before['rows'])}→{len(after['rows'])}")
    for number, (was, now) in enumerate(zip(before["rows"], after["rows"], strict=False), 1):
        changed += [f"第{number}行{words.field(key).heading}" for key in _differing(was, now)]
    if _meant(before["matches"].get("school"), "code") != _meant(after["matches"].get("school"), "code"):
        changed.append("匹配的学校")
    if _certificates(before) != _certificates(after):
        changed.append("匹配的证书")
    return changed


def _differing(was: Body, now: Body) -> list[str]:
    keys = dict.fromkeys((*was, *now))
    return [
        key
        for key in keys
        if not _by_person(was.get(key, {})) and was.get(key, {}).get("value") != now.get(key, {}).get("value")
    ]


def _meant(match: Body | None, key: str) -> Any:
    return match.get(key) if match and match.get("decided") else None


def _certificates(body: Body) -> list[Any]:
    listed = [row.get("certificate") for row in body["matches"].get("rows") or []]
    return [_meant(match, "name") for match in (body["matches"].get("certificate"), *listed)]


def _reopened(changed: list[str]) -> Body:
    message = f"审核通过后重新识别，以下内容有变，请再次核对：{'、'.join(changed)}。"
    return {"code": REOPENED, "severity": "warning", "field": None, "row": None, "message": message}
