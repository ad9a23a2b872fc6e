"""`govbot check` and others with archives and e-mails."""

from __future__ import annotations

from email.message import EmailMessage

from tests.make_pdf import PdfPage, encrypted
from tests.scenario.command import folded, govbot
from tests.scenario.conftest import Write
from tests.scenario.drafts import docx_draft, pdf_draft
from tests.unit.reading.make_msg import attachment, make_msg
from tests.unit.reading.test_archives import make_zip

TEXT = "The Board publishes the reasons for every decision that it takes.\n"
LOCKED = encrypted(PdfPage().text(70, 700, TEXT), user="secret")


def names(lines: list[dict[str, dict[str, str]]]) -> list[str]:
    return [line["document"]["name"] for line in lines]


def test_each_document_of_an_archive_is_checked_as_if_it_were_named(write: Write) -> None:
    bundle = make_zip(
        ("folder/a.docx", docx_draft(TEXT)), ("b.pdf", pdf_draft()), ("photo.png", b""), (".DS_Store", b"")
    )
    inside = govbot("check", write("bundle.zip", bundle), write("c.txt", TEXT), "--format", "json")
    alone = govbot("check", write("a.docx", docx_draft(TEXT)), write("b.pdf", pdf_draft()), "--format", "json")
    assert inside.code == 0
    assert names(inside.lines) == ["bundle.zip/folder/a.docx", "bundle.zip/b.pdf", "c.txt"]
    assert [line["assessments"] for line in inside.lines[:2]] == [line["assessments"] for line in alone.lines]
    assert inside.err == "bundle.zip/photo.png was not checked: it is of a kind that govbot does not read.\n"


def test_one_bad_document_in_an_archive_does_not_stop_the_others(write: Write) -> None:
    bundle = write("bundle.zip", make_zip(("a.pdf", LOCKED), ("b.txt", TEXT.encode())))
    done = govbot("check", bundle, "--format", "json", "--fail-on", "gap")
    assert (done.code, names(done.lines)) == (1, ["bundle.zip/b.txt"])
    assert "bundle.zip/a.pdf is protected by a password" in folded(done.err)
    assert govbot("check", write("good.zip", make_zip(("b.txt", TEXT.encode()))), "--fail-on", "gap").code == 3


def test_archive_with_nothing_to_read_is_told_beside_others(write: Write) -> None:
    empty, good = write("empty.zip", make_zip(("photo.png", b""))), write("good.txt", TEXT)
    done = govbot("check", empty, good, "--format", "json")
    assert (done.code, names(done.lines)) == (1, ["good.txt"])
    assert "empty.zip/photo.png was not checked" in done.err
    assert "empty.zip holds no document that govbot reads" in folded(done.err)


def test_what_was_left_out_is_named_up_to_a_hundred(write: Write) -> None:
    pictures = [(f"{number}.png", b"") for number in range(130)]
    done = govbot("check", write("b.zip", make_zip(("a.txt", TEXT.encode()), *pictures)), "--format", "json")
    lines = done.err.splitlines()
    assert (len(lines), lines[99][:11], lines[100]) == (
        101,
        "b.zip/99.pn",
        "30 more files were not checked, for the same reasons.",
    )
    assert done.code == 0


def test_replies_to_documents_of_a_mail_follow_each_other(write: Write) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.org", "The new plan"
    mail.set_content(TEXT * 15)
    mail.add_attachment(docx_draft(TEXT), maintype="application", subtype="octet-stream", filename="plan.docx")
    done = govbot("check", write("mail.eml", mail.as_bytes()))
    assert done.out.index("The new plan") < done.out.index("mail.eml/plan.docx")
    assert (done.code, done.err) == (0, "")


def test_a_mail_that_only_covers_a_document_gets_no_reply_of_its_own(write: Write) -> None:
    mail = make_msg("The new plan", TEXT * 3, attached=(attachment("plan.txt", TEXT.encode()),))
    done = govbot("check", write("mail.msg", mail), "--format", "json")
    assert names(done.lines) == ["mail.msg/plan.txt"]
    assert done.err == "mail.msg was not checked: it is the message that the document was attached to.\n"


def test_mail_on_standard_input_is_read() -> None:
    mail = make_msg("The new plan", TEXT * 15, attached=(attachment("plan.txt", TEXT.encode()),))
    lines = govbot("check", "-", "--format", "json", stdin=mail).lines
    assert [(line["document"]["name"], line["document"]["title"]) for line in lines] == [
        ("standard input", "The new plan"),
        ("standard input/plan.txt", "plan.txt"),
    ]


def test_archive_in_a_folder_is_read(write: Write) -> None:
    folder = write("drafts/b.zip", make_zip(("a.txt", TEXT.encode()))).parent
    assert names(govbot("check", folder, "--format", "json").lines) == ["b.zip/a.txt"]


def test_a_question_about_an_archive_is_one_about_each_draft_in_it(write: Write) -> None:
    bundle = write("b.zip", make_zip(("a.txt", TEXT.encode()), ("b.txt", TEXT.encode() * 2), ("c.pdf", LOCKED)))
    done = govbot("ask", bundle, "have we covered openness?", "--format", "json")
    assert "b.zip/a.txt" in done.out
    assert "b.zip/b.txt" in done.out
    assert done.code == 1
    assert "b.zip/c.pdf is protected by a password" in folded(done.err)


def test_where_one_draft_is_wanted_an_archive_of_one_will_do(write: Write) -> None:
    one, two = make_zip(("a.txt", TEXT.encode())), make_zip(("a.txt", TEXT.encode()), ("b.txt", TEXT.encode()))
    old = write("old.txt", TEXT)
    assert govbot("diff", old, write("one.zip", one)).code == 0
    done = govbot("diff", old, write("two.zip", two))
    assert done.code == 1
    assert "two.zip holds 2 documents, and one is wanted here: two.zip/a.txt, two.zip/b.txt." in folded(done.err)
