from __future__ import annotations

from typing import Any

import pytest

from govbot.slack import answers


def test_what_is_shared_again_meanwhile_is_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is shared again between the first draft that is looked for and the second."""
    looked: list[int] = []

    def find_shared(_: object, *, document: int) -> tuple[str, ...]:
        looked.append(document)
        return () if len(looked) == 1 else (f"draft {document}",)

    monkeypatch.setattr(answers, "find_shared", find_shared)
    store: Any = None
    assert answers._all_shared(store, [1, 2]) == ("draft 1", "draft 2")
    assert answers._all_shared(store, []) == ()


def test_what_is_not_shared_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "find_shared", lambda _, document: ("draft",) if document == 2 else ())
    store: Any = None
    assert answers._all_shared(store, [1, 2]) == ("draft",)
