from __future__ import annotations

import hashlib
from email.message import EmailMessage
from pathlib import Path

import pytest

from govbot import errors
from govbot.reading import Limits, read_document
from govbot.records import Unread
from tests.unit.reading.make_docx import make_docx
from tests.unit.reading.reader import Read, ReadAll
from tests.unit.reading.test_archives import make_zip

#: An e-mail that is a document beside what is attached to it.
WORDS = " ".join(
    f"In year {year} the Board publishes the reasons for every decision, and asks residents before it takes them."
    for year in range(9)
)
DOCX = make_docx("The Board publishes every decision.")
WORD = {"maintype": "application", "subtype": "vnd.openxmlformats-officedocument.wordprocessingml.document"}
HEAD = b"From: a@b.org\nSubject: The plan\nMIME-Version: 1.0\n"


def mail(text: str = WORDS, subject: str = "The plan") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    message.set_content(text)
    return message


def with_word(message: EmailMessage, name: str = "strategy.docx", data: bytes = DOCX) -> EmailMessage:
    message.add_attachment(data, **WORD, filename=name)  # type: ignore[arg-type]
    return message


def test_message_and_what_is_attached_are_documents(read_all: ReadAll) -> None:
    data = with_word(mail()).as_bytes()
    found = read_all("mail.eml", data)
    letter, draft = found.documents
    assert (letter.name, letter.title, letter.media_type, letter.text) == (
        "mail.eml", "The plan", "message/rfc822", WORDS,
    )  # fmt: skip
    assert (draft.name, draft.sha256) == ("mail.eml/strategy.docx", hashlib.sha256(DOCX).hexdigest())
    assert (found.left_out, found.errors) == ({}, {})


@pytest.mark.parametrize(("count", "reason"), [(150, ""), (149, "message"), (20, "message"), (19, "short")])
def test_message_of_few_words_that_covers_a_document_is_told_and_not_read(
    read_all: ReadAll, count: int, reason: str
) -> None:
    found = read_all("mail.eml", with_word(mail("word " * count)).as_bytes())
    assert found.names == ["mail.eml/strategy.docx"] if reason else ["mail.eml", "mail.eml/strategy.docx"]
    assert found.left_out == ({"mail.eml": reason} if reason else {})


def test_message_of_few_words_on_a_page_that_covers_a_document_is_told_and_not_read(read_all: ReadAll) -> None:
    message = mail("Please view this e-mail as a page.")
    message.add_alternative("<p>" + "word " * 30 + "</p>", subtype="html")
    found = read_all("mail.eml", with_word(message).as_bytes())
    assert (found.names, found.left_out) == (["mail.eml/strategy.docx"], {"mail.eml": "message"})


def test_message_of_few_words_is_read_where_nothing_attached_is_a_document(read_all: ReadAll) -> None:
    message = mail("word " * 20)
    message.add_attachment(b"x", maintype="image", subtype="png", filename="photo.png")
    found = read_all("mail.eml", message.as_bytes())
    assert (found.names, found.left_out) == (["mail.eml"], {"mail.eml/photo.png": "kind"})


def test_each_message_of_an_archive_is_judged_by_what_is_attached_to_it(read_all: ReadAll) -> None:
    one, other = mail("word " * 20), with_word(mail("word " * 20))
    found = read_all("b.zip", make_zip(("one.eml", one.as_bytes()), ("other.eml", other.as_bytes())))
    assert found.names == ["b.zip/one.eml", "b.zip/other.eml/strategy.docx"]
    assert found.left_out == {"b.zip/other.eml": "message"}


def test_messages_are_the_same_where_subject_and_words_are(read_all: ReadAll) -> None:
    files = [mail(), with_word(mail()), mail(subject="Other"), mail(f"{WORDS} Other")]
    same, again, *others = [read_all("mail.eml", one.as_bytes()).documents[0].sha256 for one in files]
    assert same == again
    assert len({same, *others}) == 3


def test_message_of_no_words_needs_no_word(read_all: ReadAll) -> None:
    found = read_all("mail.eml", with_word(mail("\n")).as_bytes())
    assert (found.names, found.left_out) == (["mail.eml/strategy.docx"], {})


def test_words_of_others_and_the_signature_are_left_out(read_all: ReadAll) -> None:
    text = f"> Have you read it?\n{WORDS}\n\n>> Older words\n> Old words\nYours\n-- \nJo Bloggs\nDirector\n"
    (letter,) = read_all("mail.eml", mail(text).as_bytes()).documents
    assert letter.text == f"{WORDS}\nYours"


def test_a_page_is_read_where_the_plain_text_is_a_stub(read_all: ReadAll) -> None:
    message = mail("Please view this e-mail as a page.")
    message.add_alternative(f"<p>{WORDS}</p>", subtype="html")
    (letter,) = read_all("mail.eml", message.as_bytes()).documents
    assert letter.text == WORDS


def test_what_a_mail_server_attaches_is_no_document(read_all: ReadAll) -> None:
    message = with_word(with_word(mail("\n")), "ATT00001.txt", b"x")
    found = read_all("mail.eml", message.as_bytes())
    assert (found.names, found.left_out) == (["mail.eml/strategy.docx"], {})


def test_words_of_others_alone_make_no_document(read_all: ReadAll) -> None:
    message = mail(f"> {WORDS}\n> {WORDS}\n")
    message.add_alternative(f"<p>{WORDS}</p>", subtype="html")
    found = read_all("mail.eml", message.as_bytes())
    assert (found.errors, found.left_out) == ({"mail.eml": "NothingInside"}, {"mail.eml": "short"})


def test_plain_text_comes_before_the_page(read_all: ReadAll) -> None:
    message = mail()
    message.add_alternative(f"<html><body><h1>Page</h1><p>{WORDS}</p></body></html>", subtype="html")
    (letter,) = read_all("mail.eml", message.as_bytes()).documents
    assert letter.text == WORDS


def test_message_that_is_only_a_page_is_read_as_one(read_all: ReadAll) -> None:
    message = mail()
    message.set_content(f"<p>Dear Zoë,</p><ul><li>{WORDS}</li></ul>", subtype="html", charset="iso-8859-1")
    (letter,) = read_all("mail.eml", message.as_bytes()).documents
    assert [(block.kind, block.text) for block in letter.blocks] == [
        ("paragraph", "Dear Zoë,"),
        ("list_item", WORDS),
    ]
    assert (letter.title, letter.media_type) == ("The plan", "message/rfc822")


def test_page_of_few_words_is_told(read_all: ReadAll) -> None:
    message = mail()
    message.set_content("<p>See the plan.</p>", subtype="html")
    assert read_all("mail.eml", message.as_bytes()).left_out == {"mail.eml": "short"}


def test_subject_is_shown_safely_and_a_message_without_one_is_called_by_its_file(read_all: ReadAll) -> None:
    odd = b"From: a@b.org\nSubject: =?utf-8?q?Plan_=E2=80=AE=1B[31m_=C3=A9t=C3=A9?=\n\n" + WORDS.encode()
    assert [one.title for one in read_all("mail.eml", odd).documents] == ["Plan [31m été"]
    bare = b"From: a@b.org\nTo: b@b.org\n\n" + WORDS.encode()
    assert [one.title for one in read_all("mail.eml", bare).documents] == ["mail.eml"]


def test_pictures_among_the_words_need_no_word_and_attached_ones_do(read_all: ReadAll) -> None:
    message = mail()
    message.add_attachment(
        b"x", maintype="image", subtype="png", filename="logo.png", cid="<1@b>", disposition="inline"
    )
    message.add_attachment(b"x", maintype="image", subtype="png", filename="map.png")
    found = read_all("mail.eml", message.as_bytes())
    assert (found.names, found.left_out) == (["mail.eml"], {"mail.eml/map.png": "kind"})


def test_message_attached_to_a_message_is_read_and_one_in_that_is_left_out(read_all: ReadAll) -> None:
    inner = with_word(mail(subject="Older/letter"))
    inner.add_attachment(mail(subject="Oldest"))
    inner.add_attachment(make_zip(("a.txt", b"words")), maintype="application", subtype="zip", filename="in.zip")
    outer = mail()
    outer.add_attachment(inner)
    found = read_all("mail.eml", outer.as_bytes())
    assert found.names == ["mail.eml", "mail.eml/Older-letter.eml", "mail.eml/Older-letter.eml/strategy.docx"]
    assert [one.title for one in found.documents[:2]] == ["The plan", "Older/letter"]
    assert len({one.sha256 for one in found.documents}) == 3
    assert found.left_out == {
        "mail.eml/Older-letter.eml/Oldest.eml": "nested",
        "mail.eml/Older-letter.eml/in.zip": "nested",
    }


def test_archive_attached_to_a_message_is_read(read_all: ReadAll) -> None:
    message = mail()
    archive = make_zip(("a/plan.txt", WORDS.encode()), ("in.zip", b"PK"), ("old.eml", HEAD))
    message.add_attachment(archive, maintype="application", subtype="zip", filename="papers.zip")
    message.add_attachment(b"PK\x03\x04", maintype="application", subtype="zip", filename="cut.zip")
    found = read_all("mail.eml", message.as_bytes())
    assert found.names == ["mail.eml", "mail.eml/papers.zip/a/plan.txt"]
    assert found.left_out == {
        "mail.eml/papers.zip/in.zip": "nested",
        "mail.eml/papers.zip/old.eml": "nested",
        "mail.eml/cut.zip": "damaged",
    }


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        ("utf-8", "Café – ".encode(), "Café – "),
        ("utf-8", "Café – ".encode("cp1252"), "Café – "),
        ("no-such-set", "Café – ".encode(), "Café – "),
        ("zlib", b"Plain ", "Plain "),
        ("us-ascii", "Café ".encode(), "Café "),
        ("iso-8859-2", "Łódź ".encode("iso-8859-2"), "Łódź "),
    ],
)
def test_words_are_read_whatever_their_encoding_says(read_all: ReadAll, charset: str, raw: bytes, text: str) -> None:
    head = HEAD + f'Content-Type: text/plain; charset="{charset}"\n\n'.encode()
    (letter,) = read_all("mail.eml", head + raw + WORDS.encode()).documents
    assert letter.text == text + WORDS


def test_broken_base64_is_told_of_and_the_words_are_read(read_all: ReadAll) -> None:
    data = with_word(mail()).as_bytes()
    at = data.index(b"UEsDB")
    broken = data[: at + 40] + b"\n!!!*\n" + data[at + 41 :]
    found = read_all("mail.eml", broken)
    assert found.names == ["mail.eml"]
    assert found.errors == {"mail.eml/strategy.docx": "TruncatedFile"}


def _attached(head: bytes, body: bytes = b"x") -> bytes:
    return (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\n' + WORDS.encode() + b"\n--b\n"
        + head + b"\n\n" + body + b"\n--b--\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("head", "shown", "reason"),
    [
        (b"Content-Type: application/ms-tnef", "attachment 1", "tnef"),
        (b'Content-Type: application/octet-stream; name="WINMAIL.DAT"', "WINMAIL.DAT", "tnef"),
        (b'Content-Type: application/pkcs7-mime; name="smime.p7m"', "smime.p7m", "encrypted"),
        (b'Content-Type: application/octet-stream; name="smime.p7m"', "smime.p7m", "encrypted"),
        (b"Content-Type: multipart/encrypted; boundary=c", "attachment 1", "encrypted"),
        (b"Content-Type: message/external-body; name=a.docx", "a.docx", "kind"),
        (b"Content-Type: text/calendar; name=meeting.ics", "meeting.ics", "kind"),
        (b"Content-Disposition: attachment; filename=.secret.txt", ".secret.txt", "hidden"),
        (b'Content-Disposition: attachment; filename="..\\\\..\\\\evil.exe"', "evil.exe", "kind"),
        (b'Content-Disposition: attachment; filename="/etc/\xe2\x80\xaefdp.exe"', "fdp.exe", "kind"),
    ],
)
def test_what_is_not_read_is_told_by_name(read_all: ReadAll, head: bytes, shown: str, reason: str) -> None:
    found = read_all("mail.eml", _attached(head))
    assert found.names == ["mail.eml"]
    assert found.left_out == {f"mail.eml/{shown}": reason}


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Disposition: attachment; filename*=utf-8''pl%C3%A4n.txt",
        b'Content-Disposition: inline; filename="=?utf-8?q?pl=C3=A4n.txt?="',
        b"Content-Type: text/plain; name*0*=utf-8''pl%C3%A4; name*1=n.txt",
    ],
)
def test_names_of_attached_files_are_decoded(read_all: ReadAll, head: bytes) -> None:
    assert read_all("mail.eml", _attached(head, WORDS.encode())).names == ["mail.eml", "mail.eml/plän.txt"]


def test_message_of_a_thousand_parts_within_each_other_ends_well(read_all: ReadAll) -> None:
    data, inner = HEAD, b""
    for number in range(1000):
        inner += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
    data += inner + b"\nwords\n"
    found = read_all("mail.eml", data)
    assert (found.documents, found.left_out, found.errors) == ([], {}, {"mail.eml": "UnreadableFile"})


def test_messages_attached_to_each_other_without_end_are_left_out(read_all: ReadAll) -> None:
    letter = b"Content-Type: message/rfc822\n\nFrom: a@b.org\nSubject: S\n"
    assert read_all("mail.eml", HEAD + letter * 50 + b"\nwords").left_out == {"mail.eml/S.eml/S.eml": "nested"}


def test_message_of_twenty_thousand_parts_is_read_as_far_as_it_goes(read_all: ReadAll) -> None:
    parts = b"--b\nContent-Disposition: attachment; filename=a.png\n\nx\n" * 20_000
    found = read_all("mail.eml", HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + parts + b"--b--\n")
    assert found.left_out == {"mail.eml/a.png": "kind"}


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Type: ;;;=\x00\n",
        b"Content-Type: text/plain; charset*=x'y\n",
        b'Content-Disposition: attachment; filename="\n',
        b"Subject: =?x?q?=?= \xff\xfe\nContent-Transfer-Encoding: base65\n",
        b"Content-Type: multipart/mixed\n",
        b"Content-Type: message/rfc822\nContent-Disposition: \xff\n",
    ],
)
def test_fields_that_break_the_rules_do_not_end_the_reading(read_all: ReadAll, fields: bytes) -> None:
    found = read_all("mail.eml", b"From: a@b.org\n" + fields + b"\n" + WORDS.encode())
    assert "UnreadableFile" not in found.errors.values()
    assert found.documents or found.left_out or found.errors


@pytest.mark.parametrize(
    ("name", "data", "is_mail"),
    [
        ("mail.eml", b"From - Mon May 4\nSubject: S\n\n" + WORDS.encode(), True),
        ("mail.eml", b"\xef\xbb\xbf\r\nX-Odd: 1\r\n y\r\nSubject: S\r\n\r\n" + WORDS.encode(), True),
        ("mail.eml", b"X-Odd: 1\n\nSubject: S\n" + WORDS.encode(), False),
        ("mail", b"From: a\nTo: b\nMessage-ID: c\n\n" + WORDS.encode(), True),
        ("mail", b"From: a\nMessage-ID: c\n\n" + WORDS.encode(), False),
        ("memo", b"To: a\nFrom: b\nDate: c\nSubject: d\n\n" + WORDS.encode(), False),
        ("mail.txt", b"From: a\nTo: b\nSubject: c\n\n" + WORDS.encode(), False),
    ],
)
def test_message_is_told_by_its_fields(read_all: ReadAll, name: str, data: bytes, is_mail: bool) -> None:
    assert [one.media_type for one in read_all(name, data).documents] in (
        [["message/rfc822"]] if is_mail else [["text/plain"], []]
    )


def test_large_message_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    with path.open("wb") as file:
        file.write(HEAD + b"\n")
        file.truncate(101 << 20)
    with pytest.raises(errors.FileTooLarge):
        read_document(path, limits=Limits(file_mb=200))


def test_one_document_attached_is_the_message_s_document(read: Read) -> None:
    data = with_word(mail()).as_bytes()
    document = read("mail.eml", data)
    assert document.name == "mail.eml/strategy.docx"
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.unread == (Unread(reason="inside.message", part="mail.eml", matters=False),)


def test_message_with_nothing_attached_is_the_document(read: Read) -> None:
    document = read("mail.eml", mail().as_bytes())
    assert (document.name, document.title, document.unread) == ("mail.eml", "The plan", ())
