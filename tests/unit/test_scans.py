from __future__ import annotations

from pathlib import Path

import pytest

from govbot.config import Settings
from govbot.pipeline import scans_state

SCRIPT = '#!/bin/sh\nprintf "List of available languages (2):\\ncym\\neng\\n"\n'


@pytest.mark.parametrize(
    ("settings", "has_program", "expected"),
    [
        ({"ocr": "off"}, True, 'not read, as GOVBOT_OCR is "off"; their pages are listed as unread'),
        ({}, False, "not read, and their pages listed as unread: install tesseract (Debian: tesseract-ocr and"),
        (
            {"ocr_languages": "deu"},
            True,
            "has none of deu (GOVBOT_OCR_LANGUAGES); install one (Debian: tesseract-ocr-deu)",
        ),
        ({}, True, "/tesseract in eng, cym"),
        ({"ocr_languages": "deu+eng"}, True, "in eng; deu of GOVBOT_OCR_LANGUAGES is not installed (Debian:"),
    ],
)
def test_it_is_said_whether_scans_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: str, *, has_program: bool
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if has_program:
        (tmp_path / "tesseract").write_text(SCRIPT.replace("printf", "/usr/bin/printf"))
        (tmp_path / "tesseract").chmod(0o755)
    assert expected in " ".join(scans_state(Settings.model_validate(settings)).split())
