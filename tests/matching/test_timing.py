"""Early and late, by the windows of the notices. Each case names its clause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from corpora.programme import Programme, load_programmes
from matching.timing import timing_findings

PROGRAMMES = {programme.key: programme for programme in load_programmes()}
ANHUI, YUNNAN, SHAANXI = (PROGRAMMES[key] for key in ("anhui-2023", "yunnan-2023", "shaanxi-2024-second"))
CHINA = timezone(timedelta(hours=8))


def code(
    programme: Programme, form: str, day: str, kind: str | None = "higher_vocational", clock: str = "12:00"
) -> str:
    received = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=CHINA)
    findings = timing_findings(programme, form, kind, received)
    return findings[0].code if findings else "in time"


@pytest.mark.parametrize("form", ["anhui/application", "anhui/summary"])
@pytest.mark.parametrize("kind", ["higher_vocational", "undergraduate", "secondary", "bureau", None])
@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2023-03-19", "mail.early"),
        ("2023-03-20", "in time"),
        ("2023-04-03", "in time"),
        ("2023-04-04", "mail.late"),
        ("2023-06-26", "mail.late"),  # as far from both rounds: late for the first
        ("2023-06-27", "mail.early"),
        ("2023-09-17", "mail.early"),
        ("2023-09-18", "in time"),
        ("2023-10-09", "in time"),
        ("2023-10-10", "mail.late"),
        ("2024-01-05", "mail.late"),
    ],
)
def test_anhui_3_and_4_applications_come_in_spring_or_autumn(form: str, kind: str | None, day: str, said: str) -> None:
    assert code(ANHUI, form, day, kind) == said


@pytest.mark.parametrize("day", ["2022-12-31", "2023-05-01", "2024-08-01"])
def test_anhui_5_an_increase_is_never_early_or_late(day: str) -> None:
    assert code(ANHUI, "anhui/increase", day) == "in time"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2023-04-30", "mail.early"),
        ("2023-05-01", "in time"),
        ("2023-05-27", "in time"),
        ("2023-05-28", "mail.late"),
        ("2023-05-31", "mail.late"),  # May's report, not June's before its time
        ("2023-06-01", "in time"),
        ("2023-07-10", "mail.late"),
        ("2023-08-25", "mail.early"),
        ("2023-12-27", "in time"),
        ("2023-12-28", "mail.late"),
        ("2024-01-03", "mail.late"),
    ],
)
def test_anhui_annex_4_reports_come_by_the_27th_of_six_months(day: str, said: str) -> None:
    assert code(ANHUI, "anhui/progress", day) == said


@pytest.mark.parametrize("form", ["lead-school", "expert", "expert-list", "work-summary"])
@pytest.mark.parametrize(
    ("day", "said"),
    [("2023-03-07", "mail.early"), ("2023-03-08", "in time"), ("2023-03-22", "in time"), ("2023-03-23", "mail.late")],
)
def test_yunnan_1_to_4_everything_comes_by_22_march(form: str, day: str, said: str) -> None:
    assert code(YUNNAN, f"yunnan/{form}", day) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [("2024-09-03", "mail.early"), ("2024-09-04", "in time"), ("2024-10-07", "in time"), ("2024-10-08", "mail.late")],
)
def test_shaanxi_4_the_work_plan_comes_by_7_october(day: str, said: str) -> None:
    assert code(SHAANXI, "shaanxi/work-plan", day) == said


def test_the_day_is_that_of_shanghai_whatever_the_server_writes() -> None:
    assert code(ANHUI, "anhui/summary", "2023-04-03", clock="23:59") == "in time"
    before_midnight, after = datetime(2023, 4, 3, 15, 59, tzinfo=UTC), datetime(2023, 4, 3, 16, 0, tzinfo=UTC)
    assert timing_findings(ANHUI, "anhui/summary", None, before_midnight) == ()
    assert [f.code for f in timing_findings(ANHUI, "anhui/summary", None, after)] == ["mail.late"]


def test_the_message_says_when_it_came_and_what_was_due() -> None:
    (finding,) = timing_findings(ANHUI, "anhui/summary", None, datetime(2023, 10, 12, tzinfo=CHINA))
    assert finding.message == ("2023-10-12 收到，秋季受理时间为 2023-09-18 至 2023-10-09，迟了 3 天，请决定是否受理。")


def test_without_a_time_or_a_known_form_nothing_is_said() -> None:
    assert timing_findings(ANHUI, "anhui/summary", None, None) == ()
    assert timing_findings(ANHUI, None, None, datetime(2023, 1, 1, tzinfo=CHINA)) == ()
