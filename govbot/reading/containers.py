"""Files in, documents out: a file is a document, or an archive or an e-mail that holds several."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, TypeAlias, cast

from govbot import errors
from govbot.errors import DocumentError, NothingInside, SeveralDocuments, UnreadableFile, UnsupportedFormat
from govbot.reading.enclosures import Reason, shorten_name, shown_name
from govbot.reading.guard import CONTAINERS, READ_EXTENSIONS, Format, inspect
from govbot.reading.ocr import Ocr
from govbot.reading.process import Limits
from govbot.reading.sandbox import read_file, run_on_file
from govbot.records import Unread
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govbot.records import Document

_WORKER = "govbot.reading.unpacking"
#: Bytes that are copied at once.
_AT_ONCE = 1 << 20
#: What was left out beside the one document that is wanted, as far as it is named.
_NAMED = 20
#: File into which the subprocess prints.
_PRINTED = "printed"
#: Words below which an e-mail only covers what is attached to it.
_LETTER_WORDS = 150


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A file in an archive or an e-mail that was not read."""

    #: Name as it is shown: "bundle.zip/folder/plan.docx".
    name: str
    reason: Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A file that was taken out of an archive or an e-mail, or an e-mail's own words."""

    path: Path
    #: Name as it is shown.
    name: str
    #: How an e-mail's own words are read, what their document bears, and how many they are; empty for any other file.
    format_: Format | None = None
    title: str = ""
    media_type: str = ""
    words: int = 0


#: The format of a part that is a document, or why that document cannot be read.
_Kind: TypeAlias = "Format | DocumentError"
_Seen: TypeAlias = tuple[Part, _Kind]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacked:
    """What was in an archive or an e-mail."""

    parts: tuple[Part, ...]
    left_out: tuple[LeftOut, ...]


def read_document(path: Path, *, limits: Limits = Limits(), ocr: Ocr | None = None) -> Document:  # noqa: B008 - frozen
    """Return the file as read, or the one document in it; raise a DocumentError that says why it cannot be.

    Without `ocr` nothing is known of scans: their pages are listed as unread.

    Of an e-mail with a document attached that document is returned. What else was in it is among what is unread, and
    the hash is that of the whole file.
    """
    format_ = inspect(path, file_mb=limits.file_mb)
    if format_ not in CONTAINERS:
        return read_file(path, format_, name=path.name, limits=limits, ocr=ocr)
    with tempfile.TemporaryDirectory(prefix="govbot-") as folder:
        found = unpack(path, format_, Path(folder), limits=limits)
        (part, kind), left_out = _choose(found, path.name, limits)
        document = _read(part, kind, limits, ocr)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    # What is kept of it is not what is kept of the same document by itself, beside which nothing else was.
    return replace(document, sha256=sha256, unread=document.unread + _unread(left_out))


def read_documents(
    path: Path,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    ocr: Ocr | None = None,
    most: int | None = None,
) -> Iterator[Document | DocumentError | LeftOut]:
    """Yield the file as read, or what is in it: each document, or why it cannot be read or was left out.

    Of more than `most` documents, the first ones are read, and the others are left out as "beyond".
    Raises DocumentError for the file itself, NothingInside after what was left out.
    """
    format_ = inspect(path, file_mb=limits.file_mb)
    if format_ not in CONTAINERS:
        yield read_file(path, format_, name=path.name, limits=limits, ocr=ocr)
        return
    with tempfile.TemporaryDirectory(prefix="govbot-") as folder:
        found = unpack(path, format_, Path(folder), limits=limits)
        yield from found.left_out
        seen = _see(found.parts, limits)
        begun = 0
        for part, kind in seen:
            if isinstance(kind, LeftOut):
                yield kind
            elif begun == most:
                yield LeftOut(name=part.name, reason="beyond")
            else:
                begun += 1
                yield _try(part, kind, limits, ocr)
    if all(isinstance(kind, LeftOut) for _, kind in seen):
        raise NothingInside(name=path.name)


def unpack(path: Path, format_: Format, folder: Path, *, limits: Limits) -> Unpacked:
    """Take an archive or an e-mail apart into files in `folder`, under names of our own; raise DocumentError."""
    shown = shorten_name(shown_name(path.name))
    with (folder / _PRINTED).open("w+b") as printed:
        run_on_file(_WORKER, path, [format_, shown], name=path.name, limits=limits, output=printed)
        printed.seek(0)
        try:
            found = _cut(printed, folder)
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise UnreadableFile(name=path.name) from exc
    (folder / _PRINTED).unlink()
    if isinstance(found, Unpacked):
        return found
    raise found(name=path.name)


def _cut(printed: IO[bytes], folder: Path) -> Unpacked | type[DocumentError]:
    """Return what the subprocess printed, each file in one of its own, or the error that it ended in.

    Raises AttributeError, KeyError, TypeError or ValueError where it printed anything else.
    """
    parts: list[Part] = []
    left_out: list[LeftOut] = []
    while True:
        header = json.loads(printed.readline())
        if "error" in header:
            ended: type[DocumentError] = getattr(errors, header["error"])
            return ended
        if "end" in header:
            return Unpacked(parts=tuple(parts), left_out=tuple(left_out))
        if "left_out" in header:
            left_out.append(LeftOut(name=header["name"], reason=header["left_out"]))
        else:
            parts.append(_keep(printed, header, folder / f"{len(parts) + 1:04}"))


def _keep(printed: IO[bytes], header: dict[str, Any], path: Path) -> Part:
    """Write the file that follows its header, and return it."""
    ending = PurePosixPath(header["name"]).suffix.lower()
    is_words = bool(header.get("format"))
    if ending in READ_EXTENSIONS and not is_words:
        path = path.with_suffix(ending)
    with path.open("wb") as file:
        left = int(header["size"])
        while left and (piece := printed.read(min(left, _AT_ONCE))):
            left -= file.write(piece)
    if left:
        raise ValueError(left)
    return Part(
        path=path,
        name=header["name"],
        format_=cast("Format", header["format"]) if is_words else None,
        title=header.get("title", ""),
        media_type=header.get("media_type", ""),
        words=int(header.get("words", 0)),
    )


def _unread(left_out: tuple[LeftOut, ...]) -> tuple[Unread, ...]:
    found = [
        Unread(reason=f"inside.{one.reason}", part=one.name, matters=False)
        for one in left_out[: _NAMED if len(left_out) > _NAMED + 1 else None]
    ]
    if len(left_out) > len(found):
        others = say("replies/enclosures", "others", n=len(left_out) - len(found))
        found.append(Unread(reason="inside.others", part=others, matters=False))
    return tuple(found)


def _choose(found: Unpacked, name: str, limits: Limits) -> tuple[_Seen, tuple[LeftOut, ...]]:
    """Return the one document of a container, and what else was in it; raise NothingInside or SeveralDocuments."""
    seen = _see(found.parts, limits)
    left_out = [*found.left_out, *(kind for _, kind in seen if isinstance(kind, LeftOut))]
    documents = [(part, kind) for part, kind in seen if not isinstance(kind, LeftOut)]
    attached = [(part, kind) for part, kind in documents if not part.format_]
    if attached:
        left_out += [LeftOut(name=part.name, reason="message") for part, _ in documents if part.format_]
    chosen = attached or documents
    if not chosen:
        raise NothingInside(name=name)
    if len(chosen) > 1:
        raise SeveralDocuments(name=name, names=[part.name for part, _ in chosen])
    return chosen[0], tuple(left_out)


def _see(parts: tuple[Part, ...], limits: Limits) -> list[tuple[Part, _Kind | LeftOut]]:
    """Return each part with what it is; the few words of an e-mail are no document where one is attached to it."""
    seen = [(part, _kind(part, limits)) for part in parts]
    attached = [part.name for part, kind in seen if not part.format_ and not isinstance(kind, LeftOut)]
    for place, (part, _) in enumerate(seen):
        is_note = bool(part.format_) and part.words < _LETTER_WORDS
        if is_note and any(name.startswith(f"{part.name}/") for name in attached):
            seen[place] = part, LeftOut(name=part.name, reason="message")
    return seen


def _kind(part: Part, limits: Limits) -> _Kind | LeftOut:
    """Return the format of a part, why it cannot be read, or that it is nothing that is read in a container."""
    if part.format_:
        return part.format_
    try:
        format_ = inspect(part.path, file_mb=limits.file_mb)
    except UnsupportedFormat:
        return LeftOut(name=part.name, reason="kind")
    except DocumentError as exc:
        return _renamed(exc, part.name)
    if format_ in CONTAINERS:
        return LeftOut(name=part.name, reason="nested")
    return format_ if part.path.suffix or format_ != "text" else LeftOut(name=part.name, reason="kind")


def _try(part: Part, kind: _Kind, limits: Limits, ocr: Ocr | None) -> Document | DocumentError:
    """Return a part as read, or why it was not."""
    try:
        return _read(part, kind, limits, ocr)
    except DocumentError as exc:
        return exc


def _read(part: Part, kind: _Kind, limits: Limits, ocr: Ocr | None) -> Document:
    """Return a part as read; raise DocumentError."""
    if isinstance(kind, DocumentError):
        raise kind
    document = read_file(part.path, kind, name=part.name, limits=limits, ocr=ocr)
    if not part.format_:
        return document
    # Two e-mails of the same words are the same only where they are about the same.
    sha256 = hashlib.sha256(part.title.encode() + b"\n" + part.path.read_bytes()).hexdigest()
    return replace(document, title=part.title or document.title, sha256=sha256, media_type=part.media_type)


def _renamed(error: DocumentError, name: str) -> DocumentError:
    """Return the error about a file of ours as one about the name that people know."""
    return type(error)(**{**error.slots, "name": name})
