"""`python -m tests.made_up` writes the mails of the demo, and what is true of them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.made_up.mailbox import MAILS
from tests.made_up.sent import truth

FOLDER = Path(__file__).parents[2] / "api" / "demo" / "mails"
TRUTH = Path(__file__).with_name("truth.json")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.eml"):
        old.unlink()
    for sent in MAILS:
        (FOLDER / sent.name).write_bytes(sent.build())
    TRUTH.write_text(json.dumps(truth(MAILS), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
