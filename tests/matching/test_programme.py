"""Which programme a form was sent to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corpora.programme import Programme, load_programmes
from extractors.subject import Subject
from matching.programme import choose_programme


def programme(key: str, year: int) -> Programme:
    """Anhui's programme of another year."""
    anhui = next(one for one in load_programmes() if one.key == "anhui-2023")
    return anhui.model_copy(update={"key": key, "year": year})


SERIES = [programme(f"anhui-{year}", year) for year in (2022, 2023, 2024)]


def chosen(
    form: str | None = "anhui/summary", *, year: int | None = None, key: str | None = None, came: datetime | None = None
) -> str | None:
    found = choose_programme(form, Subject(key, None, "", year), came, SERIES)
    return found.key if found else None


@pytest.mark.parametrize(
    ("came", "year", "key"),
    [
        (datetime(2023, 3, 28, tzinfo=UTC), None, "anhui-2023"),
        (datetime(2023, 3, 28, tzinfo=UTC), 2022, "anhui-2023"),  # the year it came in goes first
        (datetime(2022, 12, 31, 17, tzinfo=UTC), None, "anhui-2023"),  # already the next year in China
        (datetime(2030, 1, 1, tzinfo=UTC), 2022, "anhui-2022"),
        (None, 2022, "anhui-2022"),
        (None, None, "anhui-2024"),  # the latest
    ],
)
def test_of_programmes_that_expect_the_form_the_year_decides(came: datetime | None, year: int | None, key: str) -> None:
    assert chosen(came=came, year=year) == key


def test_a_form_that_no_programme_expects_has_none() -> None:
    assert chosen("elsewhere/form") is None


def test_without_a_form_the_subject_tells() -> None:
    assert chosen(None, key="anhui-2022") == "anhui-2022"
    assert chosen(None) is None


def test_the_forms_of_both_provinces_have_their_programmes() -> None:
    nothing, came = Subject(None, None, "", None), datetime(2023, 4, 1, tzinfo=UTC)
    for form, key in (("anhui/progress", "anhui-2023"), ("yunnan/expert", "yunnan-2023")):
        found = choose_programme(form, nothing, came, load_programmes())
        assert found is not None and found.key == key
