"""`python -m tests.made_up` writes the mails of the demo."""

from __future__ import annotations

from pathlib import Path

from tests.made_up.mailbox import load_mails

FOLDER = Path(__file__).parents[2] / "api" / "demo" / "mails"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.eml"):
        old.unlink()
    for sent in load_mails():
        (FOLDER / sent.name).write_bytes(sent.build())


if __name__ == "__main__":
    main()
