"""Turns Rich Text and old Word documents into .docx with LibreOffice Writer, where it is installed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from govbot.errors import ConverterMissing, DocumentError, ReadingTooLong, UnreadableFile
from govbot.reading.fields import freeze_doc, freeze_rtf
from govbot.reading.process import Limits, run_module
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from govbot.reading.guard import Format

#: Formats that are converted -> their media types.
MEDIA_TYPES: dict[Format, str] = {"rtf": "application/rtf", "doc": "application/msword"}
#: LibreOffice's names for the filters that open them: by its own judgement it would open anything as anything.
_FILTERS: dict[Format, str] = {"rtf": "Rich Text Format", "doc": "MS Word 97"}
_FREEZE: dict[Format, Callable[[bytes], bytes]] = {"rtf": freeze_rtf, "doc": freeze_doc}
_TARGET = "docx:MS Word 2007 XML"
#: LibreOffice's names for its starter.
_STARTERS = ("soffice", "libreoffice")
#: A profile is new for each file, so these hold whatever a person has set: no macro runs, nothing that a document
#: links to is fetched, and a proxy that is nobody's stands before every address.
_PROFILE = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Writer/Content/Update", "Field", "false"),
    ("Office.Writer/Content/Update", "Chart", "false"),
    ("Office.Java/VirtualMachine", "Enable", "false"),
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
_TRIAL = rb"{\rtf1\ansi{\pard Words\par}}"


def convert(path: Path, format_: Format, folder: Path, limits: Limits) -> Path:
    """Return the Word document that LibreOffice makes of the file, in the empty `folder`; raise a DocumentError.

    The file is opened under a name of ours, in a process group without network and with `limits`, which writes nowhere
    else. LibreOffice ends well even where it opened nothing: what counts is whether a document is there.
    """
    starter = _find_starter()
    if starter is None:
        raise ConverterMissing(name=path.name, found=say("replies/formats", format_))
    source, target = folder / f"draft.{format_}", folder / "made" / "draft.docx"
    source.write_bytes(_FREEZE[format_](path.read_bytes()))
    _write_profile(folder / "profile")
    command = [str(limits.memory_mb), str(limits.cpu_seconds), str(limits.file_mb), starter]
    command += [f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nolockcheck"]
    command += [f"--infilter={_FILTERS[format_]}", "--convert-to", _TARGET, "--outdir", str(target.parent), str(source)]
    own = {"HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
    outcome = run_module("govbot.reading.confining", command, seconds=limits.seconds, environment=own)
    is_made = target.is_file() and outcome.code == 0
    if outcome.is_spent(limits) or (not is_made and outcome.is_large(limits)):
        raise ReadingTooLong(name=path.name)
    if not is_made:
        raise UnreadableFile(name=path.name)
    return target


def try_converting(limits: Limits) -> Literal["works", "missing", "fails"]:
    """Return how the conversion of a small document goes."""
    with tempfile.TemporaryDirectory(prefix="govbot-") as folder:
        path = Path(folder, "trial.rtf")
        path.write_bytes(_TRIAL)
        (work := Path(folder, "work")).mkdir()
        try:
            convert(path, "rtf", work, limits)
        except ConverterMissing:
            return "missing"
        except DocumentError:
            return "fails"
    return "works"


def _find_starter() -> str | None:
    return next((found for name in _STARTERS if (found := shutil.which(name))), None)


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.{room}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
        "</item>"
        for room, name, value in _PROFILE
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}'
        "</oor:items>",
        encoding="utf-8",
    )
