"""The pages' templates and the words they use. The door to Jinja2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from api.accounts.actor import may
from api.export import rows
from api.review import view
from corpora.vocabulary import vocabulary

TEMPLATES = Path(__file__).parent / "templates"


def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "moment": view.shown_time,
        "stamp": view.shown_stamp,
        "percent": lambda share: f"{share * 100:.0f}%",
        "combine": lambda chosen, more: chosen | more,
    }
    made.globals |= {
        "words": vocabulary(),
        "school_name": view.school_name,
        "severity_counts": view.severity_counts,
        "seal_words": rows.seal_words,
        "may": may,
    }
    return made


ENVIRONMENT = _environment()


def page(request: Request, template: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
    """The rendered template; `path` in it is the address asked for, without its query; `actor` who asks."""
    actor = getattr(request.state, "actor", None)
    text = ENVIRONMENT.get_template(template).render(path=request.url.path, actor=actor, **values)
    return HTMLResponse(text, status)
