"""The review sheet (审核单): one record on paper, to be signed. The door to WeasyPrint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse, URLFetchingError

from api.export.rows import cell, finding_words, seal_words, signature_words
from api.review.history import deed
from api.review.templating import ENVIRONMENT
from api.review.view import shown_time
from api.store.tables import Change
from corpora.vocabulary import Vocabulary, vocabulary

STYLE = Path(__file__).with_name("review_sheet.css")


class _Nothing(URLFetcher):  # type: ignore[misc]
    """Fetches nothing: what a school wrote must not make us ask anybody for anything."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        raise URLFetchingError(url)


def review_sheet(record: Mapping[str, Any], levels: Sequence[str], done: Sequence[Change], now: datetime) -> bytes:
    """A record of the contract as PDF, A4, with its fonts; nothing is fetched from anywhere.

    levels: the review levels of its chain, in order, each with a line to be signed; one line where there are none.
    done: what people did, the first first.
    """
    words = vocabulary()
    columns = words.in_order({key for row in record["rows"] for key in row})
    values = {
        "record": record,
        "fields": [
            (words.field(key).full, _shown(record["fields"][key], words))
            for key in words.in_order(set(record["fields"]))
        ],
        "columns": [words.field(key).short or words.field(key).heading for key in columns],
        "rows": [[_shown(row[key], words) if key in row else "" for key in columns] for row in record["rows"]],
        "marks": [seal_words(seal, words) for seal in record["seals"]]
        + [signature_words(one, words) for one in record["signatures"]],
        "findings": [finding_words(one, words) for one in record["findings"]],
        "done": done,
        "deed": deed,
        "levels": [words.levels.get(level, level) for level in levels] or ["审核"],
        "printed": shown_time(now),
    }
    text = ENVIRONMENT.get_template("review_sheet.html").render(values)
    made: bytes = HTML(string=text, url_fetcher=_Nothing()).write_pdf(stylesheets=[CSS(filename=STYLE)])
    return made


def _shown(reading: Mapping[str, Any], words: Vocabulary) -> str:
    value = cell(reading)
    shown = words.readings.get(reading["reading"], "") if value is None else str(value)
    return f"{shown}（人工）" if reading.get("origin") == "person" else shown
