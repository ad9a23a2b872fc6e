"""What comes out of an archive or an e-mail, and how its names are shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

#: Why a file is left out; keys of "left_out" in prompts/replies/enclosures.yaml.
Reason: TypeAlias = Literal[
    "kind", "hidden", "encrypted", "link", "nested", "too_large", "too_many", "damaged", "packing", "short", "tnef",
    "elsewhere", "rich_text", "message", "beyond", "same",
]  # fmt: skip
#: Characters of a name that is shown, and of its end where it is cut.
_NAME, _END = 200, 60
#: Ends of the names of archives and e-mails.
_CONTAINERS = (".zip", ".eml", ".msg")
#: Categories with no shape of their own: control, format (bidi overrides), surrogate, private, unassigned.
_SHAPELESS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
#: What computers, Office and mail servers put beside documents, and nobody wrote.
_JUNK = re.compile(
    r"(?:^|/)(?:__MACOSX(?:/|$)|(?:\.DS_Store|Thumbs\.db|desktop\.ini|~\$[^/]*|\._[^/]*|ATT\d{5}\.(?:txt|html?))$)",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """A file in an archive, or something attached to an e-mail, or the e-mail's own words."""

    #: Name within its container, as it is shown; empty for the words of the e-mail itself.
    name: str
    #: Returns its bytes.
    load: Callable[[], bytes] = bytes
    #: Bytes that it says it has.
    size: int = 0
    left_out: Reason | None = None
    #: Returns what is in it, where it is an e-mail that its container has taken apart already.
    inside: Callable[[], Iterator[Enclosure]] | None = None
    #: Of an e-mail's own words: how they are written, what the e-mail is about, of what kind it is, how many they are.
    format_: Literal["", "text", "html"] = ""
    title: str = ""
    media_type: str = ""
    words: int = 0


def shown_path(name: str) -> str:
    """Return a path out of an archive as it is shown: no way up or out, nothing that acts on a screen."""
    steps = [shown_name(step) for step in name.replace("\\", "/").split("/")]
    return shorten_name("/".join(step for step in steps if step not in ("", ".", "..")))


def shown_name(text: str) -> str:
    """Return a name, or a subject, on one line and without what acts on a screen or turns the reading round."""
    shaped = "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or _has_shape(sign))
    return " ".join(shaped.split())


def shorten_name(name: str) -> str:
    """Return at most 200 characters of a name, its end among them."""
    return name if len(name) <= _NAME else f"{name[: _NAME - _END]}…{name[1 - _END :]}"


def is_container(name: str) -> bool:
    """Return whether a file is an archive or an e-mail by its name."""
    return name.lower().endswith(_CONTAINERS)


def path_inside(name: str) -> str:
    """Return where a document lies within its archive or e-mail: "folder/plan.docx" of "bundle.zip/folder/plan.docx".

    Empty for one that lies in none.
    """
    steps = name.split("/")
    outer = next((place for place, step in enumerate(steps[:-1]) if is_container(step)), None)
    return "" if outer is None else "/".join(steps[outer + 1 :])


def own_name(name: str) -> str:
    """Return a document's own file name: "plan.docx" of "bundle.zip/folder/plan.docx"."""
    return path_inside(name).rpartition("/")[2] or name


def is_junk(path: str) -> bool:
    """Return whether a shown path is that of something that nobody wrote and nobody misses."""
    return _JUNK.search(path) is not None


def is_hidden(path: str) -> bool:
    """Return whether a shown path, or a folder on it, is hidden."""
    return any(step.startswith(".") for step in path.split("/"))


def _has_shape(sign: str) -> bool:
    return unicodedata.category(sign) not in _SHAPELESS
