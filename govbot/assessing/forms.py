"""Text that waits to be filled in: what a form asks, and where its answers are to stand."""

from __future__ import annotations

import re

from govbot.passages import word_count

#: Where something is to be written.
_BLANK = re.compile(r"_{3,}|\.{8,}|…{2,}|(?:\. ){5,}")
_LABELLED_BLANK = re.compile(rf":\s*(?:{_BLANK.pattern})")
#: Words beside a blank up to which it is a line of a form, not a rule drawn under a text.
_LABEL_WORDS = 12
#: Boxes to tick, how many of them make a row to choose from, and words that stand to each at most.
_BOX, _OPEN_BOX = re.compile("[☐☑☒]"), "☐"
_FEWEST_BOXES, _BOX_WORDS = 2, 12
#: What the program or the form's author wrote where an answer goes.
_PLACEHOLDER = re.compile(
    r"\W*(?:(?:click|tap)(?: or (?:tap|click))?(?: here)? to (?:enter|add|insert|select)\b|choose an item\b|"
    r"(?:insert|enter|type|write|add)(?: text| details| your \w+)? here\b)(?:\W+\w+){0,8}\W*$",
    re.IGNORECASE,
)
#: Words that say what the body itself does: then nothing waits for an answer.
_TELLS = re.compile(r"\b(?:we|our|will|shall)\b", re.IGNORECASE)
#: Words of a sentence on how a choice is to be made, and what it says.
_CHOICE_WORDS = 25
_CHOICE = re.compile(
    r"\bplease (?:tick|circle|initial)\b|\btick (?:one|(?:all|any) that|as appropriate|as applicable)\b|"
    r"\bdelete as (?:appropriate|applicable|necessary)\b|\b(?:enter|put|mark|insert) an? [‘'\"“]?[x✓✔]\b|"
    r"\(yes ?/ ?no\)|^\W*yes ?/ ?no\W*$|\byes ?/ ?no ?/ ?(?:n/?a|not applicable|not sure|unsure|don[’']t know)\b|"
    r"\bin block capitals\b|\b(?:for )?office use only\b",
    re.IGNORECASE,
)
#: A sentence that asks its reader for an answer. An invitation ("please send us your views") is none.
_REQUEST = re.compile(
    r"(?:^|[.?!;:)]\s)\W*(?:if (?:so|yes|no|not)\W[^.?!]{0,40})?please (?:also )?(?:indicate|specify|describe|explain|"
    r"state (?:the|your|which|whether|why|how|if|any)|(?:give|provide|enter|insert|list) "
    r"(?:(?:further|more|full|any|brief|some|your|the|a|an) )*"
    r"(?:details?|reasons?|examples?|descriptions?|summary|explanation|evidence|information)\b)",
    re.IGNORECASE,
)
#: A question with nothing after it but notes on how to answer.
_QUESTION = re.compile(
    r"\?\W*(?:$|(?:(?<=\()|"
    r"\b(?:e\.?g|i\.?e|for (?:example|further)|such as|possible|further|evidence|please|if|note)\b)[^?]*$)",
    re.IGNORECASE,
)
#: Words of a row in which a question with its notes is all there is.
_ROW_WORDS = 80
#: A cell that only numbers its row, or is empty.
_NUMBER = re.compile(r"\W*(?:\w{0,3}|(?:[a-zA-Z]?\d+[.)]?)+[a-z]?)\W*")


def waits_for_answer(text: str) -> bool:
    """Return whether a sentence, list item or table row (cells parted by tabs) asks to be filled in."""
    cells = [cell for cell in text.split("\t") if not _NUMBER.fullmatch(cell)]
    if "\t" in text and len(cells) == 1 and word_count(text) <= _ROW_WORDS and _QUESTION.search(cells[0]):
        return True
    return bool(cells) and all(map(_is_blank, cells))


def _is_blank(text: str) -> bool:
    beside = word_count(_BLANK.sub(" ", text))
    if _BLANK.search(text) and not _TELLS.search(text) and (beside <= _LABEL_WORDS or _LABELLED_BLANK.search(text)):
        return True
    boxes = len(_BOX.findall(text))
    if boxes >= _FEWEST_BOXES and _OPEN_BOX in text and word_count(text) <= _BOX_WORDS * boxes:
        return True
    if word_count(text) <= _CHOICE_WORDS and _CHOICE.search(text) and not _TELLS.search(text):
        return True
    return bool(_PLACEHOLDER.match(text) or _REQUEST.search(text))
