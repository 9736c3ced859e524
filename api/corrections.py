"""What people said of a record, carried over when the machine looks again. Pure.

- A value that a person wrote or confirmed (`origin: person`) stays, and the form is judged with it. So does a school or
  certificate that a person chose, the owner of a seal, the state of a signature; and where a person added or removed
  rows (`rows_by`), the whole table.
- A finding that a person settled stays settled while what it was about is unchanged, also when it was away for a time:
  `settlements` are kept apart from the findings.
- States stay. The one exception: an accepted record goes back to review, with `record.reopened`, when a value or a
  match that no person had confirmed is now another, for then what was accepted is no longer what the record says.
  Returned and rejected records are never reopened: the school has its answer.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, cast

from corpora.vocabulary import vocabulary
from extractors.extraction import Chosen, Extraction, Reading, Signature, SignatureState

Body = dict[str, Any]
REOPENED = "record.reopened"
SAMPLED = "record.sample"
DESK = (REOPENED, SAMPLED)
"""Findings that no look at the form raises."""
KEPT = ("state", "level", "rows_by", "settlements", "reviews")
"""Keys of a record that are the people's alone."""
SETTLED = ("unmatched", "ambiguous", "conflict", "misspelt", "short_name")
SAME = 0.02  # how far apart, in fractions of the page, two sights of one seal lie at most
FACTS = re.compile(r"“[^”]*”|\d+(?:\.\d+)?")


def with_corrections(extraction: Extraction, before: Body | None) -> Extraction:
    """The extraction with what people wrote in place of what the machine read, and what they chose."""
    if before is None:
        return extraction
    fields = _corrected(extraction.fields, before["fields"])
    rows = extraction.rows
    if _rows_by_people(before):
        same = _same_rows(rows, before)
        rows = tuple(
            _corrected(rows[place] if same else {}, row, every=not same) for place, row in enumerate(before["rows"])
        )
    signatures = _signed(extraction.signatures, before)
    return replace(extraction, fields=fields, rows=rows, signatures=signatures, chosen=_chosen_by_people(before))


def carried(before: Body, after: Body) -> Body:
    """The machine's new record with the people's part of the one before, and the state that follows."""
    body = after | {key: before[key] for key in KEPT if key in before}
    body["fields"] = after["fields"] | {key: one for key, one in before["fields"].items() if by_person(one)}
    if before.get("rows_by"):
        body["rows"] = before["rows"]
    elif _rows_by_people(before):
        same = _same_rows(after["rows"], before)
        body["rows"] = [
            (after["rows"][place] if same else row) | {key: one for key, one in row.items() if by_person(one)}
            for place, row in enumerate(before["rows"])
        ]
    body = _with_marks(before, _with_matches(before, body))
    earlier = [one for one in before["findings"] if one["code"] in DESK]
    if changed := _changed(before, body) if before["state"] == "accepted" else []:
        earlier = [one for one in earlier if one["code"] != REOPENED] + [_reopened(changed)]
        body |= {"state": "review"}
    body["findings"] = [*body["findings"], *earlier]
    return with_settled(body)


# --- findings that are settled ----------------------------------------------------------------------------------------


def with_settled(body: Body) -> Body:
    """The record with its settled findings marked so, and the lane that follows."""
    said = {settlement_key(one): one for one in body.get("settlements") or []}
    findings = []
    for finding, key in zip(body["findings"], finding_keys(body), strict=True):
        plain = {name: value for name, value in finding.items() if name != "settled"}
        one = said.get(key)
        settled = {"settled": {name: one[name] for name in ("by", "at", "reason")}} if one else {}
        findings.append(plain | settled)
    return body | {"findings": findings, "lane": _lane(body, findings)}


def asks(finding: Mapping[str, Any]) -> bool:
    """Whether a finding still wants an answer."""
    return finding["severity"] != "info" and "settled" not in finding


def finding_keys(body: Body) -> list[str]:
    """What names each finding: its code, its place and what it is about. So it names the same one after a new look."""
    keys: list[str] = []
    seen: Counter[str] = Counter()
    for finding in body["findings"]:
        key = _key(finding["code"], finding["field"], finding["row"], _about(body, finding))
        seen[key] += 1
        keys.append(f"{key}#{seen[key]}")
    return keys


def settlement_key(one: Mapping[str, Any]) -> str:
    return f"{_key(one['code'], one['field'], one['row'], one['about'])}#{one['nth']}"


def settlement(body: Body, place: int, *, by: str, at: str, reason: str) -> Body:
    """What is kept of a person's word on the finding at `place`."""
    finding, key = body["findings"][place], finding_keys(body)[place]
    where = {name: finding[name] for name in ("code", "field", "row")}
    about, nth = key.rsplit("/", 1)[1].split("#")
    return where | {"about": about, "nth": int(nth), "by": by, "at": at, "reason": reason}


def _key(code: str, field: str | None, row: int | None, about: str) -> str:
    return f"{code}/{field or ''}/{row or ''}/{about}"


def _about(body: Body, finding: Body) -> str:
    """A digest of what a finding is about: the figures and quoted words that it names, and what stands in its place.

    The wording of its message may change, and so may the number of its row.
    """
    facts = FACTS.findall(re.sub(r"第\s*\d+\s*行", "", finding["message"]))
    kind, field, row = finding["code"].split(".")[0], finding["field"], finding["row"]
    home = body["fields"] if row is None else body["rows"][row - 1] if row <= len(body["rows"]) else {}
    reading = home.get(field) or {}
    here: Any = [reading.get(name) for name in ("text", "value", "reading")]
    if kind == "seal":
        here = [[one.get(name) for name in ("page", "kind", "owner", "text")] for one in body["seals"]]
    elif kind == "signature":
        here = [[one["role"], one["state"]] for one in body["signatures"]]
    told = [facts, here, sorted(finding.get("related") or [])]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def _lane(body: Body, findings: Sequence[Body]) -> str:
    """The machine's lane; but what only asked what people have answered is ready, and what the desk asks is not."""
    lane, open_ones = cast(str, body["lane"]), [one for one in findings if asks(one)]
    if lane == "ready" and any(one["code"] in DESK for one in open_ones):
        return "ask"
    answered = any("settled" in one for one in findings)
    return "ready" if lane == "ask" and answered and not open_ones and body["form"] and _decided(body) else lane


def _decided(body: Body) -> bool:
    matches = body["matches"]
    listed = [row.get("certificate") for row in matches.get("rows") or []]
    found = [matches.get("school"), matches.get("certificate"), *listed]
    return all(match.get("decided") for match in found if match)


# --- values, matches and marks that are people's ----------------------------------------------------------------------


def by_person(one: Mapping[str, Any]) -> bool:
    return one.get("origin") == "person"


def chosen(match: Mapping[str, Any] | None) -> bool:
    """Whether a person chose who or what is meant."""
    return bool(match and match.get("decided") and "person" in (match.get("reasons") or []))


def _rows_by_people(body: Body) -> bool:
    return bool(body.get("rows_by")) or any(by_person(one) for row in body["rows"] for one in row.values())


def _same_rows(rows: Sequence[Any], before: Body) -> bool:
    return not before.get("rows_by") and len(rows) == len(before["rows"])


def _corrected(read: Mapping[str, Reading], said: Body, *, every: bool = False) -> dict[str, Reading]:
    """every: also what the machine had read, since its new rows cannot be told to be the same."""
    people = {key: _reading(one) for key, one in said.items() if every or by_person(one)}
    return dict(read) | people


def _reading(one: Body) -> Reading:
    box = tuple(one["box"]) if one.get("box") else None
    if by_person(one):
        return Reading(one["text"], one["value"], one["reading"], 1.0, one.get("page"), box)
    quad = tuple((x, y) for x, y in one["quad"]) if one.get("quad") else None
    told = (one["text"], one["value"], one["reading"], one["confidence"], one.get("page"), box)
    return Reading(*told, quad=cast(Any, quad), doubt=one.get("doubt", ""), options=tuple(one.get("options", ())))


def _chosen_by_people(body: Body) -> Chosen:
    matches = body["matches"]
    school, certificate = matches.get("school") or {}, matches.get("certificate") or {}
    listed = [(number, row.get("certificate")) for number, row in enumerate(matches.get("rows") or [], 1)]
    return Chosen(
        school.get("code") if chosen(school) else None,
        certificate.get("name") if chosen(certificate) else None,
        tuple((number, one["name"]) for number, one in listed if chosen(one)),
        tuple((one["page"], tuple(one["box"]), one["owner"]) for one in body["seals"] if by_person(one)),
    )


def _signed(signatures: tuple[Signature, ...], before: Body) -> tuple[Signature, ...]:
    said = _by_slot(before["signatures"])
    slots = _slots([one.role for one in signatures])
    return tuple(
        replace(one, state=cast(SignatureState, said[slot]["state"])) if slot in said else one
        for one, slot in zip(signatures, slots, strict=True)
    )


def _by_slot(signatures: Sequence[Body]) -> dict[tuple[str, int], Body]:
    """What people said of signatures, by role and its how-manieth."""
    slots = _slots([one["role"] for one in signatures])
    return {slot: one for slot, one in zip(slots, signatures, strict=True) if by_person(one)}


def _slots(roles: Sequence[str]) -> list[tuple[str, int]]:
    return [(role, roles[:place].count(role)) for place, role in enumerate(roles)]


def _with_marks(before: Body, after: Body) -> Body:
    """Seals and signatures with what people said of them."""
    people = ("origin", "by", "at", "machine")
    signed = _by_slot(before["signatures"])
    signatures = [
        one | {name: signed[slot][name] for name in (*people, "state") if name in signed[slot]}
        if slot in signed
        else one
        for one, slot in zip(after["signatures"], _slots([s["role"] for s in after["signatures"]]), strict=True)
    ]
    owned = [one for one in before["seals"] if by_person(one)]
    seals = []
    for seal in after["seals"]:
        said: Body = next((one for one in owned if _same_seal(one, seal)), {})
        seals.append(seal | {name: said[name] for name in (*people, "owner") if name in said})
    return after | {"signatures": signatures, "seals": seals}


def _same_seal(one: Body, other: Body) -> bool:
    apart = [abs(a - b) for a, b in zip(one["box"], other["box"], strict=True)]
    return bool(one["page"] == other["page"] and max(apart) < SAME)


def _with_matches(before: Body, after: Body) -> Body:
    """The matches that people chose; what the machine asks of them is answered."""
    matches, was = dict(after["matches"]), before["matches"]
    answered: set[tuple[str, int | None]] = set()
    for kind in ("school", "certificate"):
        if chosen(was.get(kind)):
            matches[kind] = was[kind]
            answered |= {(f"{kind}.{code}", None) for code in SETTLED}
    rows = list(matches.get("rows") or [])
    for place, row in enumerate(was.get("rows") or []):
        if place < len(rows) and chosen(row.get("certificate")):
            rows[place] = row
            answered |= {(f"certificate.{code}", place + 1) for code in SETTLED}
    matches["rows"] = rows
    findings = [one for one in after["findings"] if (one["code"], one["row"]) not in answered]
    return after | {"matches": matches, "findings": findings}


# --- what makes an accepted record another ----------------------------------------------------------------------------


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
        if not by_person(was.get(key, {})) and was.get(key, {}).get("value") != now.get(key, {}).get("value")
    ]


def _meant(match: Body | None, key: str) -> Any:
    return match.get(key) if match and match.get("decided") else None


def _certificates(body: Body) -> list[Any]:
    listed = [row.get("certificate") for row in body["matches"].get("rows") or []]
    return [_meant(match, "name") for match in (body["matches"].get("certificate"), *listed)]


def _reopened(changed: list[str]) -> Body:
    message = f"审核通过后重新识别，以下内容有变，请再次核对：{'、'.join(changed)}。"
    return {"code": REOPENED, "severity": "warning", "field": None, "row": None, "message": message}
