"""The JSON that other programs read, key for key, as DESIGN.md has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Test = Callable[[Any], bool]

STAGES = ("plan", "do", "check", "act")
STATUSES = ("evidenced", "committed", "mentioned", "absent", "gap", "not_applicable", "unread")


def one_of(*values: str) -> Test:
    return lambda value: value in values


def some_of(*values: str) -> Test:
    """Any of the values, each once, in this order."""
    return lambda found: found == [value for value in values if value in found]


def text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def number(value: object) -> bool:
    """A page, paragraph or count, from 1."""
    return type(value) is int and value >= 1


def score(value: object) -> bool:
    return type(value) is float and 0 <= value <= 1


def truth(value: object) -> bool:
    return type(value) is bool


def maybe(test: Test) -> Test:
    return lambda value: value is None or test(value)


def texts(value: object) -> bool:
    return isinstance(value, list) and all(map(text, value))


EVIDENCE = {
    "quote": text,
    "page": maybe(number),
    "page_is_approximate": truth,
    "paragraph": maybe(number),
    "section": texts,
    "score": score,
    "strength": one_of("mention", "commitment", "evidence"),
    "stance": one_of("positive", "absent"),
    "stage": one_of(*STAGES),
}
NEAREST = {"quote": text, "page": maybe(number), "score": score, "threshold": score}
QUESTION = {"criterion": text, "stage": one_of(*STAGES), "text": text, "why": text}
CHECK = {
    "schema": one_of("govbot.check/1"),
    "document": {
        "title": text,
        "name": text,
        "sha256": lambda value: len(bytes.fromhex(value)) == 32,
        "media_type": text,
        "pages": maybe(number),
        "passages": number,
    },
    "unread": [{"page": number, "reason": text}],
    "assessments": [
        {
            "framework": text,
            "framework_version": text,
            "matcher": text,
            "model": text,
            "criteria": [
                {
                    "id": text,
                    "principle": text,
                    "status": one_of(*STATUSES),
                    "stages": some_of(*STAGES),
                    "evidence": [EVIDENCE],
                    "nearest": (None, NEAREST),
                }
            ],
            "questions": [QUESTION],
        }
    ],
}
ANSWER = {
    "question": text,
    "kind": one_of("criterion", "topic", "other"),
    "targets": texts,
    "topic": maybe(text),
    "verdict": text,
    "evidence": [EVIDENCE],
    "missing_stages": some_of(*STAGES),
    "questions": [QUESTION],
}
MATCH = {
    "id": text,
    "matches": [{"criterion": text, "score": score, "accepted": truth}],
    "stage": one_of(*STAGES),
    "strength": one_of("mention", "commitment", "evidence"),
    "stance": one_of("positive", "absent"),
}


def assert_contract(value: object, shape: object, where: str = "") -> None:
    """Fail, naming the place, where a value has a key too many or too few, or the wrong kind of value."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        assert list(value) == list(shape), where
        for key, below in shape.items():
            assert_contract(value[key], below, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for place, item in enumerate(value):
            assert_contract(item, shape[0], f"{where}[{place}]")
    elif isinstance(shape, tuple):
        if value is not None:
            assert_contract(value, shape[1], where)
    else:
        assert callable(shape)
        assert shape(value), f"{where}: {value!r}"
