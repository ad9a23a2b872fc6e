"""The types of the fixtures `read` and `read_all`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from govbot.records import Document


@dataclass(kw_only=True)
class Inside:
    """What was in a file."""

    documents: list[Document] = field(default_factory=list)
    #: Name as it is shown -> why it was left out, or the name of the error.
    left_out: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names of the documents."""
        return [document.name for document in self.documents]


#: Reads a file of this name and content.
Read = Callable[[str, bytes], Document]
#: Reads everything in it.
ReadAll = Callable[[str, bytes], Inside]
