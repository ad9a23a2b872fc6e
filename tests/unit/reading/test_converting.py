"""Rich Text and old Word documents; most tests need LibreOffice Writer."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from govbot import errors
from govbot.reading import Limits, read_document, try_converting
from govbot.reading.converting import convert
from govbot.reading.fields import freeze_doc, freeze_rtf
from govbot.reading.process import Outcome, run, run_module
from tests.unit.reading.make_docx import make_docx
from tests.unit.reading.make_rtf import field, heading, item, make_rtf, para, table
from tests.unit.reading.reader import Read

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice Writer is not installed")

PLAN = make_rtf(
    heading(1, r"1 How we are governed"),
    para(r"The Board\rquote s caf\'e9 panel meets quarterly \u8211? in public, for \'a35 a head."),
    heading(2, "1.1 Openness"),
    para("The Council will:"),
    item("publish every decision that it takes"),
    item(r"explain its reasons in \u321?\'f3d\'9f"),
    table(("Risk", "Owner"), ("Flood", "Chief engineer"), ("Fraud", "Head of audit")),
    heading(1, "2 What follows"),
    para("The audit committee reports to the Council each year."),
    title="Plan for the harbour",
)
SECTION = ("1 How we are governed", "1.1 Openness")
BLOCKS = [
    ("heading", "1 How we are governed", (), "", ()),
    ("paragraph", "The Board’s café panel meets quarterly – in public, for £5 a head.", SECTION[:1], "", ()),
    ("heading", "1.1 Openness", SECTION[:1], "", ()),
    ("paragraph", "The Council will:", SECTION, "", ()),
    ("list_item", "publish every decision that it takes", SECTION, "The Council will:", ()),
    ("list_item", "explain its reasons in ŁódŸ", SECTION, "The Council will:", ()),
    ("table_row", "Flood\tChief engineer", SECTION, "", ("Risk", "Owner")),
    ("table_row", "Fraud\tHead of audit", SECTION, "", ("Risk", "Owner")),
    ("heading", "2 What follows", (), "", ()),
    ("paragraph", "The audit committee reports to the Council each year.", ("2 What follows",), "", ()),
]


def ole(flags: int = 0, *, mark: int = 0xA5EC) -> bytes:
    """Return an OLE file that holds nothing but the beginning of a Word stream, in its third sector."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 22 + (9).to_bytes(2, "little")
    entry = "WordDocument\0".encode("utf-16-le").ljust(116, b"\0") + (1).to_bytes(4, "little")
    stream = mark.to_bytes(2, "little") + b"\0" * 8 + flags.to_bytes(2, "little")
    return header.ljust(512, b"\0") + entry.ljust(512, b"\0") + stream.ljust(512, b"\0")


def to_doc(rtf: bytes, folder: Path) -> bytes:
    """Return the old Word document that LibreOffice makes of Rich Text."""
    (folder / "plan.rtf").write_bytes(rtf)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "doc:MS Word 97", "--outdir", str(folder), str(folder / "plan.rtf")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "plan.doc").read_bytes()


@pytest.fixture(scope="session")
def plan_doc(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return to_doc(PLAN, tmp_path_factory.mktemp("doc"))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files, which must be empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def shown(read: Read, name: str, data: bytes) -> list[tuple[object, ...]]:
    blocks = read(name, data).blocks
    return [(block.kind, block.text, block.section, block.lead_in, block.header) for block in blocks]


@needs_office
def test_rich_text_is_read_in_order_with_headings_lists_and_tables(read: Read, temporary: Path) -> None:
    assert shown(read, "plan.rtf", PLAN) == BLOCKS


@needs_office
def test_old_word_is_read_as_rich_text_is(read: Read, plan_doc: bytes, temporary: Path) -> None:
    assert shown(read, "plan.doc", plan_doc) == BLOCKS


@needs_office
def test_document_goes_by_the_name_kind_and_checksum_of_its_own_file(read: Read, plan_doc: bytes) -> None:
    for name, data, media_type in (("a b.rtf", PLAN, "application/rtf"), ("plan.DOC", plan_doc, "application/msword")):
        found = read(name, data)
        assert (found.name, found.title, found.media_type) == (name, "Plan for the harbour", media_type)
        assert (found.sha256, found.pages) == (hashlib.sha256(data).hexdigest(), None)


@needs_office
def test_title_is_the_file_s_name_where_there_is_none(read: Read) -> None:
    found = read("--help 'x'\n.rtf", make_rtf(para("The Board meets."), para("It publishes minutes.")))
    assert found.title == found.name == "--help 'x'\n.rtf"


@needs_office
def test_page_is_approximate_and_only_where_a_break_tells_it(read: Read) -> None:
    broken = read("plan.rtf", make_rtf(para("The Board meets."), r"\page ", para("It publishes minutes.")))
    assert [(block.page, block.page_is_approximate) for block in broken.blocks] == [(1, True), (2, True)]
    assert {block.page for block in read("plan.rtf", PLAN).blocks} == {None}


@needs_office
def test_what_rich_text_holds_besides_text_is_left_out(read: Read) -> None:
    parts = (r"{\*\generator Zebra;}", para(r"Seen text{\*\unknown Zebra}."), para(r"a \{b\} \\c"))
    assert [block.text for block in read("plan.rtf", make_rtf(*parts)).blocks] == ["Seen text.", r"a {b} \c"]


# Fields: what they last showed is the draft's own word


SHOWN = [
    *(('DATE \\\\@ "d MMMM yyyy"', "1 May 2020"), ("TIME", "10:11"), ("SAVEDATE", "2 May 2020"), ("NUMPAGES", "41")),
    *(("FILENAME", "plan v3.rtf"), ("SEQ Figure", "7"), ("REF nowhere", "section 4"), ("PAGEREF nowhere", "13")),
    *(('HYPERLINK "http://x.org"', "a link"), ("STYLEREF 1", "a head"), ("FORMTEXT", "an entry"), ("= 2+2", "5")),
]


@needs_office
def test_field_of_rich_text_shows_its_last_result(read: Read) -> None:
    told = [f"Shown is {result} there." for _, result in SHOWN]
    paras = [para(f"Shown is {field(instruction, result)} there.") for instruction, result in SHOWN]
    assert [block.text for block in read("plan.rtf", make_rtf(*paras)).blocks] == told
    for written in (r"{\fldinst", r"{\b\fldinst", r"{{}\*\fldinst"):
        other = [made.replace(r"{\*\fldinst", written) for made in paras]
        assert [block.text for block in read("plan.rtf", make_rtf(*other)).blocks] == told


@needs_office
def test_rich_text_that_calls_itself_old_word_is_read(read: Read) -> None:
    document = read("plan.doc", PLAN)
    assert (document.media_type, document.title) == ("application/rtf", "Plan for the harbour")


@needs_office
@pytest.mark.parametrize("length", [1, 60, 3000])
def test_field_of_old_word_shows_its_last_result(read: Read, tmp_path: Path, length: int) -> None:
    """Short files keep their tables among the short streams; LibreOffice itself writes the results of today."""
    inner = field("PAGEREF nowhere", "13")
    parts = [
        para(f"Of {field(instruction, 'x')} it is.") for instruction in ('DATE \\\\@ "yyyy"', "SEQ Figure", "SECTION")
    ]
    parts += [para(f"In {field('HYPERLINK x.org', f'a link {inner}')}.")]
    doc = to_doc(make_rtf(*parts, *[para(f"Paragraph {number}.") for number in range(length)]), tmp_path)
    at = next(found.end() for found in re.finditer(rb"\x14\0?", doc) if doc[found.end() : found.end() + 1] == b"2")
    stale = doc[:at] + b"1" + doc[at + 1 :]
    texts = [block.text for block in read("plan.doc", stale).blocks]
    assert re.fullmatch(r"Of 1\d\d\d it is\.", texts[0])
    assert len(texts) == length + 4
    assert texts[-1] == f"Paragraph {length - 1}."
    assert texts[3].startswith("In a link ") and texts[3].endswith(".")


@pytest.mark.parametrize(
    "data", [ole(), ole()[:600], b"", bytes(range(256)) * 9], ids=["hollow", "cut", "none", "rubbish"]
)
def test_old_word_without_tables_of_fields_is_left_as_it_is(data: bytes) -> None:
    assert freeze_doc(data) == data


def test_date_of_today_is_taken_out_of_rich_text() -> None:
    assert freeze_rtf(rb"a\chdate b\chpgn\chtime c\\chdate\chdater") == rb"a b c\\chdate\chdater"


# What is not read


LONG = make_rtf(*(para(f"Paragraph {number} of the plan is about openness.") for number in range(300)))
REFUSED = [
    ("cut.rtf", LONG[:9000], errors.TruncatedFile),
    ("cut.rtf", LONG[:-1], errors.TruncatedFile),
    ("cut.rtf", make_rtf(r"{\pict\bin90000 }")[:-1] + b"}" * 20, errors.TruncatedFile),
    ("braces.rtf", b"{\\rtf1 \\{ words \\}", errors.TruncatedFile),
    ("two.rtf", LONG + LONG, errors.TruncatedFile),
    ("deep.rtf", make_rtf("{" * 600 + "deep" + "}" * 600), errors.FileTooLarge),
    ("deep.rtf", make_rtf("{" * 1_000_000), errors.FileTooLarge),
    ("wide.rtf", make_rtf("{}" * 1_100_000), errors.FileTooLarge),
    ("plan.rtf", b"The Board publishes every decision.", errors.WrongExtension),
    ("plan.doc", make_docx("The Board meets."), errors.WrongExtension),
    ("plan.doc", b"<html><p>The Board meets.</p></html>", errors.WrongExtension),
    ("plan.docx", PLAN, errors.WrongExtension),
    ("plan.rtf", ole(), errors.WrongExtension),
    ("rubbish.doc", bytes(range(256)) * 40, errors.TruncatedFile),
    ("rubbish.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40, errors.TruncatedFile),
    ("locked.doc", ole(0x0100), errors.PasswordProtected),
    ("locked.doc", ole(0x1300, mark=0xA5DC), errors.PasswordProtected),
]


@pytest.mark.parametrize(("name", "data", "error"), REFUSED)
def test_file_is_refused_before_it_is_converted(
    read: Read, name: str, data: bytes, error: type[errors.DocumentError], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(errors.DocumentError) as caught:
        read(name, data)
    assert type(caught.value) is error
    assert name in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        PLAN,
        PLAN + b"}\r\n\0\0\x1a",
        make_rtf("{" * 400 + "}" * 400),
        make_rtf(r"{\pict\bin3 }}}}"),
        make_rtf(r"\\bin9 \{ \\"),
        make_rtf(r"\binary9"),
        ole(),
        ole(0x0200),
        ole(0x0100, mark=0x1234),
        ole()[:700],
    ],
)  # fmt: skip
def test_file_that_may_be_sound_needs_libreoffice(read: Read, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    name, kind = ("plan.rtf", "a Rich Text document") if data[:1] == b"{" else ("plan.doc", "an old Word document")
    with pytest.raises(
        errors.ConverterMissing, match=rf"(?s){name} is {kind}.* as PDF .* LibreOffice Writer installed"
    ):
        read(name, data)
    assert try_converting(Limits()) == "missing"


@needs_office
def test_what_libreoffice_cannot_open_is_unreadable(read: Read, temporary: Path) -> None:
    with pytest.raises(errors.UnreadableFile, match=r"hollow\.doc"):
        read("hollow.doc", ole())


@needs_office
def test_old_word_that_is_cut_off_is_never_read_in_part(read: Read, plan_doc: bytes, temporary: Path) -> None:
    for size in (len(plan_doc) // 2, len(plan_doc) - 600):
        with pytest.raises((errors.UnreadableFile, errors.TruncatedFile)):
            read("cut.doc", plan_doc[:size])


@needs_office
def test_old_word_with_a_password_is_told_to_have_one(read: Read, plan_doc: bytes) -> None:
    at = plan_doc.index(b"\xec\xa5") + 11
    assert at % 512 == 11
    with pytest.raises(errors.PasswordProtected, match=r"locked\.doc"):
        read("locked.doc", plan_doc[:at] + bytes([plan_doc[at] | 1]) + plan_doc[at + 1 :])


@needs_office
def test_document_without_text_has_none(read: Read, temporary: Path) -> None:
    with pytest.raises(errors.NoText, match=r"blank\.rtf"):
        read("blank.rtf", make_rtf(para("")))


# Hostile files, and LibreOffice at its limits


@needs_office
@pytest.mark.parametrize(
    "limits",
    [Limits(seconds=1), Limits(memory_mb=320)],
    ids=["time", "memory"],
)
def test_conversion_that_takes_too_much_is_stopped_with_all_its_processes(
    tmp_path: Path, temporary: Path, limits: Limits
) -> None:
    path = tmp_path / "slow.rtf"
    path.write_bytes(make_rtf(r"\pard words\par " * 400_000))
    with pytest.raises(errors.ReadingTooLong, match=r"slow\.rtf"):
        read_document(path, limits=limits)
    assert [line for line in commands() if str(temporary) in line] == []


def commands() -> list[str]:
    """Return the command lines of all processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return found


@needs_office
def test_neither_files_nor_hosts_that_a_document_names_are_opened(read: Read, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Zebra of the machine")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        web = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        parts = [
            para("The Board meets."),
            para(field(f'INCLUDETEXT "{secret}"', "")),
            para(field(rf'INCLUDETEXT "{secret.as_uri()}" \\c PlainText', "")),
            para(field(f'INCLUDEPICTURE "{web}" \\\\d', "")),
            para(field(f'INCLUDETEXT "{web}"', "")),
            para(field(f'DDEAUTO soffice "{secret}" x', "")),
        ]
        doc = to_doc(make_rtf(*parts), tmp_path)
        while True:
            # Whatever the making of the test's own file asked for does not count.
            try:
                server.accept()
            except BlockingIOError:
                break
        for name, data in (("links.rtf", make_rtf(*parts)), ("links.doc", doc)):
            assert [block.text for block in read(name, data).blocks] == ["The Board meets."]
        with pytest.raises(BlockingIOError):
            server.accept()


@needs_office
def test_converted_package_is_guarded_as_any_is(read: Read, monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    monkeypatch.setattr("govbot.reading.guard._XML_PART_MB", 0)
    with pytest.raises(errors.FileTooLarge, match=r"plan\.rtf"):
        read("plan.rtf", PLAN)


@needs_office
def test_several_are_converted_at_once_and_the_parent_is_unharmed(tmp_path: Path, temporary: Path) -> None:
    paths = [tmp_path / f"plan{number}.rtf" for number in range(4)]
    for number, path in enumerate(paths):
        path.write_bytes(make_rtf(para(f"Plan {number} of the Board.")) if number != 2 else make_rtf(r"\trowd" * 9999))
    before = resource_limits()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(text_or_error, paths))
    assert [found[0], found[1], found[3]] == [f"Plan {number} of the Board." for number in (0, 1, 3)]
    assert found[2] in ("NoText", "UnreadableFile", "ReadingTooLong")
    assert resource_limits() == before


def text_or_error(path: Path) -> str:
    try:
        return read_document(path).text
    except errors.DocumentError as exc:
        return type(exc).__name__


def resource_limits() -> str:
    return Path("/proc/self/limits").read_text()


# LibreOffice's part, played by a script


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only starter of LibreOffice that is found; a test writes it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder / "soffice"


def write_office(path: Path, body: str) -> None:
    path.write_text(f"#!{sys.executable}\nimport os, sys, time, resource, socket\nfrom pathlib import Path\n{body}\n")
    path.chmod(0o755)


def made(office: Path, tmp_path: Path, body: str, *, limits: Limits = Limits()) -> str:  # noqa: B008 (frozen)
    """Return what the script, in LibreOffice's place, writes."""
    write_office(office, f"out = Path(sys.argv[sys.argv.index('--outdir') + 1]); out.mkdir()\n{body}")
    (tmp_path / "plan.rtf").write_bytes(PLAN)
    (folder := tmp_path / f"work{time.monotonic_ns()}").mkdir()
    return convert(tmp_path / "plan.rtf", "rtf", folder, limits).read_text()


TELL = "(out / 'draft.docx').write_text(str({}))"


def test_converter_is_told_nothing_of_its_parent(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVBOT_SLACK_BOT_TOKEN", "xoxb-secret")
    told = made(office, tmp_path, TELL.format("(dict(os.environ), sys.argv)"))
    assert "xoxb-secret" not in told and os.environ["HOME"] + "'" not in told
    for word in ("--headless", "--norestore", "--infilter=Rich Text Format", "draft.rtf", f"'HOME': '{tmp_path}"):
        assert word in told
    assert "plan.rtf" not in told


def test_converter_s_limits_are_set(office: Path, tmp_path: Path) -> None:
    names = "AS", "CPU", "FSIZE", "CORE"
    body = TELL.format(f"[resource.getrlimit(getattr(resource, 'RLIMIT_' + name)) for name in {names}]")
    told = made(office, tmp_path, body, limits=Limits(memory_mb=900, seconds=30, file_mb=7))
    assert told == str([(900 << 20,) * 2, (20, 20), (7 << 20,) * 2, (0, 0)])


def test_profile_lets_no_macro_run_and_no_link_be_followed(office: Path, tmp_path: Path) -> None:
    profile = "Path(sys.argv[1].partition('://')[2], 'user', 'registrymodifications.xcu').read_text()"
    told = made(office, tmp_path, TELL.format(profile))
    for name, value in (
        ("MacroSecurityLevel", "3"),
        ("DisableMacrosExecution", "true"),
        ("BlockUntrustedRefererLinks", "true"),
        ("Link", "0"),
        ("ooInetProxyType", "1"),
    ):
        assert f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>' in told


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
def test_converter_has_no_network(office: Path, tmp_path: Path) -> None:
    attempt = "try:\n    socket.socket()\n    told = 'made'\nexcept OSError as exc:\n    told = type(exc).__name__\n"
    assert made(office, tmp_path, attempt + TELL.format("told")) == "PermissionError"


def test_good_end_without_a_document_is_no_conversion(office: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.UnreadableFile, match=r"plan\.rtf"):
        made(office, tmp_path, "print('convert draft.rtf')")


def test_document_of_a_converter_that_ended_badly_is_not_read(office: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.UnreadableFile):
        made(office, tmp_path, TELL.format("1") + "; sys.exit(1)")


@pytest.mark.parametrize("code", [128 + 9, 128 + 24])
def test_converter_whose_child_was_killed_took_too_much(office: Path, tmp_path: Path, code: int) -> None:
    with pytest.raises(errors.ReadingTooLong):
        made(office, tmp_path, f"sys.exit({code})")


def test_converter_that_gave_up_with_much_memory_took_too_much(office: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.ReadingTooLong):
        made(office, tmp_path, "data = b'x' * (90 << 20); time.sleep(0.5)", limits=Limits(memory_mb=160))


def test_converter_that_hangs_is_ended_with_its_children(office: Path, tmp_path: Path) -> None:
    hang = "os.fork(); Path(os.environ['HOME'], str(os.getpid())).touch(); time.sleep(600)"
    with pytest.raises(errors.ReadingTooLong):
        made(office, tmp_path, hang, limits=Limits(seconds=1))
    (work,) = tmp_path.glob("work*")
    assert [name for name in os.listdir(work) if name.isdigit() and is_alive(int(name))] == []


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_children_of_a_process_that_is_gone_are_ended_too() -> None:
    code = "import os, time; child = os.fork(); child or time.sleep(600); print(child, flush=True); os._exit(0)"
    outcome = run([sys.executable, "-c", code], {}, seconds=1, is_leader=True)
    assert not outcome.in_time
    assert [line for line in commands() if code in line] == []


def test_conversion_and_reading_share_their_time(read: Read, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []

    def noted(name: str, arguments: list[str], *, seconds: float, **more: Any) -> Outcome:  # noqa: ANN401 (passed on)
        given.append(seconds)
        return run_module(name, arguments, seconds=seconds, **more)

    monkeypatch.setattr("govbot.reading.sandbox.run_module", noted)
    docx = make_docx("The Board meets.")
    body = "out = Path(sys.argv[sys.argv.index('--outdir') + 1]); out.mkdir(); time.sleep(1.1)\n"
    write_office(office, body + f"(out / 'draft.docx').write_bytes({docx!r})")
    assert read("plan.rtf", PLAN).text == "The Board meets."
    assert given[0] <= Limits().seconds - 1


def test_trial_tells_whether_conversion_works(office: Path) -> None:
    write_office(office, "sys.exit(0)")
    assert try_converting(Limits()) == "fails"
    body = "out = Path(sys.argv[sys.argv.index('--outdir') + 1]); out.mkdir(); (out / 'draft.docx').touch()"
    write_office(office, body)
    assert try_converting(Limits()) == "works"
    office.rename(office.with_name("libreoffice"))
    assert try_converting(Limits()) == "works"
