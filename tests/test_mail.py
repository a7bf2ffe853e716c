"""E-mails as evidence: what they state, what they say, the files attached to them, and what no e-mail can do to us."""

from __future__ import annotations

import base64
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests import documents
from tests.conftest import SOURCE_ID
from workbench.desk import Desk
from workbench.errors import FileFailure
from workbench.models import UNKNOWN_DATE, PartialDate, Source
from workbench.reading import ReadingRoom
from workbench.reading.text import Part

pytestmark = pytest.mark.process
HEAD = b"From: ana@desk.example\r\nSubject: The vote\r\n"
Taken = tuple[Source, tuple[Part, ...]]
Take = Callable[[bytes], Taken]


@pytest.fixture
def take(room: ReadingRoom, tmp_path: Path) -> Take:
    """Reads these bytes as an e-mail in the real reading process."""

    def write_and_read(data: bytes) -> Taken:
        path = tmp_path / "original"
        path.write_bytes(data)
        return room.read_with_parts(path, name="a.eml", source_id=SOURCE_ID)

    return write_and_read


def message(body: str = "No fraud was seen.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    stated = {
        "From": "Ana Roe <ana@desk.example>",
        "To": "Bo <bo@desk.example>",
        "Date": "Wed, 23 Jun 2021 23:30:00 -0700",
        "Subject": "The vote",
    }
    for name, value in (stated | headers).items():
        made[name] = value
    made.set_content(body)
    return made


def sent(made: EmailMessage) -> bytes:
    return made.as_bytes(policy=email.policy.SMTP)


def multipart(kind: str, *parts: bytes, close: bytes = b"--b--\r\n") -> bytes:
    head = HEAD + f'Content-Type: multipart/{kind}; boundary="b"\r\n\r\n'.encode()
    return head + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + close


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\nPlain words."
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Words of the page.</p>"
PICTURE = b"Content-Type: image/png\r\nContent-ID: <logo>\r\n\r\n\x89PNG"


# --- what an e-mail says -------------------------------------------------------------------------------------------


def test_the_text_is_the_head_as_stated_and_the_body_as_written(take: Take) -> None:
    source, parts = take(sent(message("They said “none”.\n\n> Was there fraud?\n> Bo\nNo.\n", Cc="Cy <cy@desk.example>")))

    assert source.text == (
        "From: Ana Roe <ana@desk.example>\nTo: Bo <bo@desk.example>\nCc: Cy <cy@desk.example>\n"
        "Date: Wed, 23 Jun 2021 23:30:00 -0700\nSubject: The vote\n\n"
        "They said “none”.\n\n> Was there fraud?\n> Bo\nNo."
    )
    assert (source.media_type, source.reader, source.warnings, parts) == ("message/rfc822", "mail", (), ())


def test_an_e_mail_is_described_as_it_states_itself(take: Take) -> None:
    source, _ = take(sent(message()))

    assert (source.title, source.author, source.kind) == ("The vote", "Ana Roe", None)
    assert source.published_on == PartialDate(value="2021-06-23", basis="stated"), "the sender's day, not the reader's"


@pytest.mark.parametrize("date", ["Wed, 31 Feb 2021 10:00:00 +0000", "yesterday", "2021", ""])
def test_a_date_that_is_none_is_unknown(take: Take, date: str) -> None:
    source, _ = take(f"From: a@b.example\nDate: {date}\n\nWords.".encode())

    assert source.published_on == UNKNOWN_DATE


@pytest.mark.parametrize(
    ("words", "charset"),
    [
        ("စစ်တပ်က ရွေးကောက်ပွဲကို ပယ်ဖျက်ခဲ့သည်။", "utf-8"),
        ("គណបក្សប្រឆាំង\u200bត្រូវបានរំលាយ។", "utf-8"),
        ("缅甸军方发动政变，推翻了民选政府。", "gb2312"),
        ("L’élection a été « volée », dit-il.", "cp1252"),
        ("軍はクーデターを起こした。", "iso-2022-jp"),
    ],
    ids=["Burmese", "Khmer", "Chinese", "French", "Japanese"],
)
def test_subject_and_body_are_decoded_in_every_script(take: Take, words: str, charset: str) -> None:
    made = message()
    made.set_content(words, charset=charset, cte="base64")
    del made["Subject"]
    made["Subject"] = words

    source, _ = take(sent(made))

    assert source.title == words
    assert source.text.endswith(f"Subject: {words}\n\n{words}")
    assert source.warnings == ()


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"=?utf-8?B?w4k=?= =?utf-8?Q?lu?=", "Élu"),
        (b"=?utf-8?B?4YCF4YA=?= =?utf-8?B?hQ==?=", "စစ"),
        ("Élu sans code".encode(), "Élu sans code"),
        ("Élu".encode("cp1252"), "Élu"),
        (b"long\r\n and folded", "long and folded"),
        (b"=?utf-8?Q?a=0AFrom:_the_minister?=", "a From: the minister"),
        (b"=?x-nobody?Q?a=E9?= and =?utf-7?Q?+ADw-?=", "=?x-nobody?Q?a=E9?= and =?utf-7?Q?+ADw-?="),
        (b"=?utf-8?B?!!!?= broken", "=?utf-8?B?!!!?= broken"),
        (b"=?utf-8*en?Q?caf=C3=A9?=", "café"),
    ],
    ids=["words", "a letter in two words", "UTF-8", "cp1252", "folded", "line end", "unknown", "broken", "with a language"],
)
def test_a_header_is_one_line_of_characters_whatever_is_in_it(take: Take, raw: bytes, shown: str) -> None:
    source, _ = take(b"From: a@b.example\r\nSubject: " + raw + b"\r\n\r\nWords.")

    assert source.text == f"From: a@b.example\nSubject: {shown}\n\nWords."
    assert source.title == shown


def test_characters_that_cannot_be_seen_are_kept_and_counted(take: Take) -> None:
    source, _ = take(sent(message("in\u200bvisible \u202eabc", Subject="turned \u202e round")))

    assert "turned \u202e round" in source.text
    assert "in\u200bvisible \u202eabc" in source.text
    assert source.warnings == ("hidden characters: 3",)


def test_headers_stated_twice_are_all_shown_and_warned_of(take: Take) -> None:
    source, _ = take(b"From: Ana <a@b.example>\nFrom: Bo <b@b.example>\nSubject: One\n\nWords.")

    assert source.text.startswith("From: Ana <a@b.example>\nFrom: Bo <b@b.example>\nSubject: One\n")
    assert source.author == "Ana"
    assert source.warnings == ("stated more than once: From; programs differ in which one they show",)


# --- which part is the body ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (multipart("alternative", PLAIN, HTML), "Plain words."),
        (multipart("alternative", b"Content-Type: text/plain\r\n\r\n \r\n", HTML), "Words of the page."),
        (multipart("related", HTML, PICTURE), "Words of the page."),
        (multipart("mixed", HTML, PLAIN), "Words of the page.\n\nPlain words."),
        (multipart("signed", PLAIN, b"Content-Type: application/pgp-signature\r\n\r\nxyz"), "Plain words."),
        (HEAD + b"Content-Type: text/html\r\n\r\n<nav>Menu</nav><p>Hello &amp; <b>good</b>bye</p>", "Menu\n\nHello & goodbye"),
        (HEAD + b'Content-Type: text/plain; name="note.txt"\r\n\r\nNamed words.', "Named words."),
        (HEAD + b"Content-Type: multipart/mixed; boundary=z\r\n\r\nno part here", "no part here"),
        (b"From ana Wed Jun 23 2021\r\n" + HEAD + b"\r\nWords of a mailbox.", "Words of a mailbox."),
    ],
    ids=["alternative", "empty plain", "related", "mixed", "signed", "html only", "named", "no boundary", "mailbox line"],
)
def test_the_body_is_plain_text_where_there_is_any_else_what_html_shows(take: Take, data: bytes, body: str) -> None:
    source, _ = take(data)

    assert source.text == f"From: ana@desk.example\nSubject: The vote\n\n{body}"


def test_words_that_html_quotes_are_not_silently_those_of_the_sender(take: Take) -> None:
    page = b"<p>I disagree.</p><blockquote>There was fraud.<blockquote>Was there?</blockquote></blockquote>"

    source, _ = take(HEAD + b"Content-Type: text/html\r\n\r\n" + page)

    assert source.text.endswith("I disagree.\n\nThere was fraud.\n\nWas there?")
    assert source.warnings == ("quoted blocks (an earlier message, perhaps) that the text does not set apart: 1",)


def test_an_e_mail_without_words_is_its_head_and_says_so(take: Take) -> None:
    source, _ = take(HEAD + b"\r\n")

    assert source.text == "From: ana@desk.example\nSubject: The vote"
    assert source.warnings == ("the e-mail has no text of its own",)


def test_a_message_cut_short_is_read_as_far_as_it_goes_and_warned_of(take: Take) -> None:
    source, _ = take(multipart("mixed", PLAIN, close=b""))

    assert source.text.endswith("Plain words.")
    assert source.warnings == ("the message is damaged or was made wrongly: close boundary not found",)


# --- attachments ---------------------------------------------------------------------------------------------------


def test_attached_files_are_parts_with_their_very_bytes_and_the_rest_is_named(take: Take) -> None:
    inner = b"From: bo@desk.example\r\nSubject: Inner\r\nX-Odd:   kept  as it is\r\n\r\nInner words.\r\n"
    pdf = documents.pdf(["Page one."])
    made = multipart(
        "mixed",
        PLAIN,
        b"Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=Forwarded\r\n\r\n" + inner,
        b"Content-Type: application/pdf; name*=utf-8''%C3%A9lu.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(pdf),
        b"Content-Type: text/html\r\nContent-Disposition: attachment; filename==?utf-8?Q?page_=C3=A9.html?=\r\n\r\n<p>x</p>",
        b"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nunnamed",
        PICTURE,
    )

    source, parts = take(made)

    assert parts == (
        Part("Forwarded.eml", inner),
        Part("élu.pdf", pdf),
        Part("page é.html", b"<p>x</p>"),
        Part("attachment 4.txt", b"unnamed"),
    )
    assert source.text.endswith("\n\nPlain words.")
    assert source.warnings == ("files inside that are not read: attachment 5.png",)


FINDING = "Observers in Bago counted 82 dead after the raid of 9 April 2021."


def test_attachments_become_sources_that_search_finds_under_the_e_mail(desk: Desk) -> None:
    report = documents.word()
    report.add_paragraph(FINDING)
    made = message("The reports are attached.", Subject="Reports from the field")
    made.add_attachment(
        documents.pdf(["Turnout was 70 percent."]), maintype="application", subtype="pdf", filename="turnout.pdf"
    )
    made.add_attachment(documents.saved(report), maintype="application", subtype="octet-stream", filename="bago.docx")
    made.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="logo.gif")
    (desk.workspace.evidence / "mail.eml").write_bytes(sent(made))

    added = desk.sync_evidence().added

    assert [line.path for line in added] == [
        "evidence/mail.eml",
        "evidence/mail.eml/turnout.pdf",
        "evidence/mail.eml/bago.docx",
    ]
    assert [line.stored for line in added][1:] == [
        "evidence/mail.eml.parts/turnout.pdf",
        "evidence/mail.eml.parts/bago.docx",
    ]
    assert added[0].warnings == ("files inside that are not read: logo.gif",)
    linked = {entry.paths[0]: entry.part_of for entry in desk.library()}
    assert [linked[line.stored] for line in added] == [None, added[0].source_id, added[0].source_id]
    found = desk.find("how many observers in Bago counted dead after the raid").hits[0]
    assert (found.text, found.source_id) == (FINDING, added[2].source_id)
    of_mail = next(hit for hit in desk.find("the reports are attached").hits if hit.source_id == added[0].source_id)
    assert of_mail.title == "Reports from the field"


def test_a_message_attached_to_an_e_mail_is_an_e_mail_of_its_own_with_its_attachments(desk: Desk) -> None:
    inner = message(FINDING, Subject="From Bago")
    inner.add_attachment(documents.pdf(["Page one."]), maintype="application", subtype="pdf", filename="../../deep.pdf")
    outer = message("See below.")
    outer.add_attachment(inner, filename="Fwd")
    (desk.workspace.evidence / "mail.eml").write_bytes(sent(outer))

    added = desk.sync_evidence().added

    assert [line.stored for line in added] == [
        "evidence/mail.eml",
        "evidence/mail.eml.parts/Fwd.eml",
        "evidence/mail.eml.parts/Fwd.eml.parts/deep.pdf",
    ]
    linked = {entry.paths[0]: entry.part_of for entry in desk.library()}
    assert [linked[line.stored] for line in added] == [None, added[0].source_id, added[1].source_id]
    hit = desk.find("observers in Bago counted dead after the raid").hits[0]
    assert (hit.title, hit.source_id) == ("From Bago", added[1].source_id)


# --- e-mails that are refused, and those that do no harm -----------------------------------------------------------


def nested(levels: int) -> bytes:
    heads = (f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n'.encode() for n in range(levels))
    return HEAD + b"".join(heads) + b"\r\ndeep"


ENVELOPED = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nMIIB"
HOSTILE: dict[str, tuple[bytes, str]] = {
    "a zip": (documents.zip_of(x=b"y"), "type_mismatch"),
    "a PDF": (documents.pdf(["x"]), "type_mismatch"),
    "nothing": (b"\r\n", "empty_file"),
    "a text": (b"Note: the vote\n\nwas fair.", "not_an_email"),
    "a page": (documents.NEWS_PAGE.encode(), "not_an_email"),
    "PGP/MIME": (multipart("encrypted", b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1"), "encrypted"),
    "PGP in the text": (HEAD + b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----", "encrypted"),
    "S/MIME": (HEAD + ENVELOPED, "encrypted"),
    "S/MIME signed as a whole": (HEAD + ENVELOPED.replace(b"enveloped-data", b"signed-data"), "no_text"),
    "UTF-7": (HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n+ADw-b+AD4-", "bad_encoding"),
    "1,001 attachments": (multipart("mixed", *[b"Content-Disposition: attachment\r\n\r\nx"] * 1_001), "decompression_limit"),
    "100,000 parts": (multipart("mixed", *[b"\r\nx"] * 100_000), "decompression_limit"),
    "51 levels": (nested(51), "too_complex"),
    "10,000 levels": (nested(10_000), "too_complex"),
    "a boundary in no charset": (HEAD + b"Content-Type: multipart/mixed; boundary*=idna''x\r\n\r\nx", "malformed_message"),
    "a body of 65 MB": (HEAD + b"\r\n" + b"word " * 13_000_000, "too_complex"),
    "101 MB of attachment": (
        multipart("mixed", PLAIN, b"Content-Type: application/pdf\r\n\r\n%PDF" + b"x" * 101_000_000), "decompression_limit"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_e_mail_is_a_clear_failure_and_the_next_one_is_read(take: Take, data: bytes, code: str) -> None:
    with pytest.raises(FileFailure) as caught:
        take(data)

    assert (caught.value.code, caught.value.message.startswith("a.eml"), bool(caught.value.hint)) == (code, True, True)
    assert take(HEAD + b"\r\nRead normally.")[0].text.endswith("Read normally.")


@pytest.mark.parametrize(
    ("data", "inside"),
    [
        (b"Subject: " + b"word " * 200_000 + b"\r\n\r\nbody", "\n\nbody"),
        (b"Subject: " + b"=?utf-8?q?w?= " * 70_000 + b"\r\n\r\nbody", "www"),
        (b"From: " + b"(" * 1_000_000 + b"\r\n\r\nbody", "\n\nbody"),
        (HEAD + b"Content-Type: text/plain; " + b'a="' * 300_000 + b"\r\n\r\nbody", "\n\nbody"),
        (HEAD + b"Content-Type: text/plain; charset=x-nobody\r\n\r\nna\xefve", "naïve"),
        (HEAD + b"\r\nna\xefve", "naïve"),
        (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n@@@@!!!!not base64", "not base64"),
        (nested(40), "deep"),
        (HEAD + b"Content-Type: text/plain; charset=idna\r\n\r\nna\xefve", "naïve"),
        (HEAD + b"Content-Type: a/b; charset*" + b"1" * 5_000 + b"*=x\r\n\r\nx", "The vote"),
    ],
    ids=[
        "1 MB subject",
        "70,000 words",
        "brackets",
        "parameters",
        "unknown charset",
        "no charset",
        "base64",
        "40 levels",
        "a codec that is no charset",
        "a number without end",
    ],
)
def test_hostile_e_mails_that_have_text_are_read(take: Take, data: bytes, inside: str) -> None:
    source, _ = take(data)

    assert inside in source.text


def test_a_large_attachment_arrives_whole(take: Take) -> None:
    big = b"%PDF-1.7" + bytes(range(256)) * 80_000

    _, parts = take(
        multipart(
            "mixed",
            PLAIN,
            b"Content-Type: application/pdf; name=big.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(big),
        )
    )

    assert parts == (Part("big.pdf", big),)
