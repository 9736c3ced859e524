"""Findings across documents: every planted contradiction is found, none is invented, and the order changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from matching.across.filed import Filed, Impression, Judged, PlatformRow
from matching.across.judge import judge_across
from tests.matching.bundles import (
    A_SCHOOL,
    ANHUI,
    SPRING,
    Bundle,
    a_report,
    a_sheet,
    a_summary,
    all_bundles,
    an_increase,
    cell,
)

BUNDLES = all_bundles()
ROWS = [("甲类运维", "中级", 50), ("乙类开发", "初级", 80), ("丙类推广", "高级", 60)]


def judged(bundle: Bundle) -> Judged:
    return judge_across(
        bundle.documents, bundle.programme, bundle.school, platform=bundle.platform, specimens=bundle.specimens
    )


def codes(*documents: Filed, platform: tuple[PlatformRow, ...] = ()) -> list[tuple[str, str]]:
    found = judge_across(documents, ANHUI, A_SCHOOL, platform=platform)
    return sorted((one.record, one.finding.code) for one in found.said)


def messages(*documents: Filed) -> list[str]:
    return [one.finding.message for one in judge_across(documents, ANHUI, A_SCHOOL).said]


def test_there_are_bundles_of_every_kind() -> None:
    assert len(BUNDLES) >= 60
    assert len({bundle.name for bundle in BUNDLES}) >= 60


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.name)
def test_what_was_planted_is_found_and_nothing_is_invented(bundle: Bundle) -> None:
    found = judged(bundle)
    assert Counter((one.record, one.finding.code) for one in found.said) == bundle.expected
    assert found.superseded == bundle.superseded


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.name)
def test_the_order_of_the_documents_changes_nothing(bundle: Bundle) -> None:
    shuffled = list(bundle.documents)
    Random(7).shuffle(shuffled)
    assert judged(replace(bundle, documents=tuple(shuffled))) == judged(bundle)


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.name)
def test_judging_again_with_the_outcome_changes_nothing(bundle: Bundle) -> None:
    found = judged(bundle)
    marked = tuple(replace(d, state="superseded") if d.id in found.superseded else d for d in bundle.documents)
    assert judged(replace(bundle, documents=marked)) == found


def test_a_new_version_says_what_changed() -> None:
    changed = [*ROWS[:2], ("丙类推广", "高级", 80), ("丁类护理", "初级", 30)]
    [message] = messages(a_summary("first", ROWS), a_summary("second", changed, 2))
    assert message == (
        "是 2023-03-22 10:00 收到的同一张表的新版本。变化：合计 190→240；第3行考核人数 60→80；"
        "新增第4行“丁类护理 初级”。"
    )


def test_the_newer_asks_once_the_older_was_accepted() -> None:
    first, second = a_summary("first", ROWS, state="accepted"), a_summary("second", ROWS[:2], 2)
    found = judge_across([first, second], ANHUI, A_SCHOOL)
    assert [(one.finding.code, one.finding.severity) for one in found.said] == [("mail.supersedes", "warning")]
    assert found.superseded == frozenset()


def test_a_rejected_version_replaces_nothing() -> None:
    found = judge_across([a_summary("first", ROWS), a_summary("second", ROWS[:1], 2, state="rejected")], ANHUI)
    assert found == Judged()


def test_an_old_version_sent_again_does_not_replace_the_new_one() -> None:
    first, second, third = a_summary("first", ROWS), a_summary("second", ROWS[:2], 2), a_summary("third", ROWS, 4)
    found = judge_across([first, second, third], ANHUI)
    assert found.superseded == {"first"}
    assert [(one.record, one.finding.code) for one in found.said] == [
        ("second", "mail.supersedes"),
        ("third", "mail.duplicate"),
    ]


def test_a_word_read_doubtfully_makes_no_new_version() -> None:
    first, again = a_summary("first", ROWS), a_summary("again", ROWS, 1)
    fields = {**again.content.fields, "contact_name": cell("甲基", doubtful=True)}
    again = replace(again, content=replace(again.content, fields=fields))
    first = replace(
        first, content=replace(first.content, fields={**first.content.fields, "contact_name": cell("甲其")})
    )
    assert codes(first, again) == [("again", "mail.supersedes")]
    similar = {**again.content.fields, "contact_name": cell("甲某其", doubtful=True)}
    longer = {**first.content.fields, "contact_name": cell("甲某基")}
    first = replace(first, content=replace(first.content, fields=longer))
    assert codes(first, replace(again, content=replace(again.content, fields=similar))) == [("again", "mail.duplicate")]


def test_two_summaries_in_one_mail_stand_side_by_side() -> None:
    parts = a_summary("first", ROWS[:2], message="mail"), a_summary("second", ROWS[2:], message="mail", place=1)
    sheets = [a_sheet(f"sheet {n}", row) for n, row in enumerate(ROWS)]
    assert codes(*parts, *sheets) == []


def test_sets_are_judged_once_both_have_come() -> None:
    assert codes(a_summary("summary", ROWS)) == []
    assert codes(a_sheet("sheet", ROWS[0])) == []
    assert codes(a_summary("summary", ROWS), a_sheet("sheet", ROWS[0])) == [("summary", "set.missing")] * 2


def test_a_level_that_differs_is_not_missing_plus_extra() -> None:
    found = codes(a_summary("summary", ROWS[:1]), a_sheet("sheet", ("甲类运维", "高级", 50)))
    assert found == [("sheet", "set.differs"), ("summary", "set.differs")]


def test_a_certificate_at_two_levels_has_a_sheet_for_each() -> None:
    rows = [("甲类运维", "初级", 50), ("甲类运维", "中级", 60)]
    summary = a_summary("summary", rows)
    assert codes(summary, a_sheet("one", rows[0]), a_sheet("two", rows[1], 1)) == []
    assert codes(summary, a_sheet("one", rows[0])) == [("summary", "set.missing")]


def test_nothing_is_missing_while_a_sheet_waits_for_its_certificate_or_school() -> None:
    summary, sheet = a_summary("summary", ROWS[:2]), a_sheet("sheet", ROWS[0])
    undecided = a_sheet("undecided", ROWS[1])
    fields = {**undecided.content.fields, "certificate": cell("乙类升发", doubtful=True)}
    undecided = replace(undecided, content=replace(undecided.content, fields=fields))
    assert codes(summary, sheet, undecided) == []
    assert codes(summary, sheet, a_sheet("stray", ("戊类建模", "初级", 9), ours=False)) == []


def test_a_returned_sheet_is_neither_missing_nor_compared() -> None:
    sheets = a_sheet("one", ROWS[0]), a_sheet("two", ("乙类开发", "初级", 70), state="returned")
    assert codes(a_summary("summary", ROWS[:2]), *sheets) == []


def test_the_base_is_that_of_the_newest_summary_in_force() -> None:
    request = an_increase("increase", [("甲类运维", "中级", 50, 90)])
    assert codes(request) == []
    assert codes(a_summary("old", ROWS, 0, state="returned"), request) == []
    newer = a_summary("new", [("甲类运维", "中级", 55)], 4)
    assert ("increase", "increase.base") in codes(a_summary("old", ROWS), newer, request)
    autumn = a_summary("autumn", [("丁类护理", "初级", 20)], 9, round="秋季")
    assert codes(a_summary("old", ROWS, round="春季"), autumn, request) == []


def test_a_value_that_was_not_read_contradicts_nothing() -> None:
    unread = cell(None, reading="unreadable")
    sheet = a_sheet("sheet", ROWS[0])
    sheet = replace(sheet, content=replace(sheet.content, fields={**sheet.content.fields, "headcount": unread}))
    assert codes(a_summary("summary", ROWS[:1]), sheet) == []


def test_reports_are_ordered_by_their_own_date() -> None:
    june = a_report("june", 6, {"total_assessed": 90})
    may = a_report("may", 5, {"total_assessed": 80}, received_at=SPRING + timedelta(days=200))
    assert codes(june, may) == []


def test_an_electronic_version_stands_in_until_the_scan_comes() -> None:
    typed = a_summary("typed", ROWS, electronic=True)
    scan = a_summary("scan", [*ROWS[:2], ("丙类推广", "高级", 66)], 1)
    assert codes(typed) == []
    assert codes(typed, scan) == [("scan", "version.differs")] * 2  # the row, and the total
    assert codes(scan, replace(typed, received_at=SPRING + timedelta(days=5))) == [("scan", "version.differs")] * 2


def test_a_picture_of_a_seal_may_come_back_in_a_resend_only() -> None:
    pasted = (Impression("same", "00ff00ff00ff00ff"),)
    first, second = a_summary("first", ROWS, seals=pasted), a_summary("second", ROWS[:2], 2, seals=pasted)
    assert codes(first, second) == [("second", "mail.supersedes")]
    other = an_increase("increase", [("甲类运维", "中级", 50, 90)], seals=pasted)
    assert codes(first, other) == [("first", "seal.reused"), ("increase", "seal.reused")]
    pressed = replace(other, seals=(Impression("same", "0f0f00ff00ff0ff0"),))
    assert codes(first, pressed) == []


def test_no_message_quotes_more_than_it_must() -> None:
    rows = [(f"证书{n}", "初级", n) for n in range(1, 20)]
    [message] = messages(a_summary("first", rows), a_summary("second", [(n, v, c + 1) for n, v, c in rows], 1))
    assert message.endswith("等 20 处。")
