"""A source is erased for good: its words are nowhere on the disk, and every hash, link and verdict stands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from tests.reliability.jobs import HereRoom
from workbench import intake, purge
from workbench.care import verify
from workbench.casefile.checking import check_case_file
from workbench.desk import Desk
from workbench.doctor import doctor
from workbench.errors import Refused, UnknownId
from workbench.history import happenings
from workbench.models import AnswerDraft, Cite, Mark, QuestionDraft, VerdictRequest
from workbench.purge import Purge

CLAIM = "the-vote"
SAID = "The vote was rigged by the election commission."
SECRET = "The vote in the seventh township was recounted at night by a zirconquokka."
FILE = f"{SECRET}\n\nNobody else was at the commission that evening.\n"
OTHER = "Observers of the vote saw no election commission rig it.\n"
REASON = "by order of a court"
STEPS = ("_say_so", "_blank", "_delete_files", "_delete_originals", "_forget", "_make_again")


@pytest.fixture(scope="module", autouse=True)
def read_here() -> Iterator[None]:
    """Files are read in this process: no other is started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "ReadingRoom", HereRoom)
        patch.setattr(purge, "ReadingRoom", HereRoom)
        yield


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose verdict, mark, draft, answer, comment and receipt have words of a source."""
    home = tmp_path_factory.mktemp("purge") / "desk"
    for part in ("claims", "evidence"):
        (home / part).mkdir(parents=True)
    (home / "workbench.toml").write_text('name = "Test desk"\n', encoding="utf-8")
    with opened(home) as desk:
        fill(desk)
    return home


def opened(home: Path) -> Desk:
    return Desk.open(home, encoder=FakeEncoder, now=lambda: NOON)


def fill(desk: Desk) -> None:
    (desk.workspace.evidence / "quokka.txt").write_text(FILE, encoding="utf-8")
    (desk.workspace.evidence / "quokka.txt.meta.yaml").write_text(f"title: {SECRET}\nkind: digest\n", encoding="utf-8")
    (desk.workspace.evidence / "other.txt").write_text(OTHER, encoding="utf-8")
    desk.sync_evidence()
    desk.add_claim(make_claim(CLAIM, SAID), actor=ANA)
    secret, other = passage(desk, "zirconquokka"), passage(desk, "Observers")
    found = desk.match(CLAIM, also=[SECRET])
    desk.mark(CLAIM, BO, Mark(passage_id=secret, judgement="not-relevant", reason=f"Who is the zirconquokka? {SECRET}"))
    desk.comments.say(CLAIM, f"Is “{SECRET}” true?", by=BO, token="comment")
    answer = AnswerDraft(kind="extractive", text=SECRET, passage_ids=(secret,))
    cites = (Cite(passage_id=secret, stance="refutes", note="zirconquokka"), Cite(passage_id=other, stance="refutes"))
    asked = (QuestionDraft(text="Who recounted it?", answers=(answer,)),)
    said = {"rationale": f"We read: {SECRET}", "explanation": "Both say so.", "questions": asked, "receipt": found.receipt}
    desk.record(VerdictRequest(claim_id=CLAIM, rating="refuted", cites=cites, reviewer=ANA, token="t", **said))
    draft = desk.draft(CLAIM, BO)
    desk.save_draft(draft.model_copy(update={"cites": cites, "questions": asked, "rationale": SECRET, "headline": "Ours"}))


def passage(desk: Desk, word: str) -> str:
    return next(one.passage_id for entry in desk.library() for one in desk.passages(entry.source_id) if word in one.text)


def source(desk: Desk, name: str = "quokka.txt") -> str:
    (found,) = [one.source_id for one in desk.evidence.entries().values() if any(path.endswith(name) for path in one.paths)]
    return found


def holding(home: Path) -> list[str]:
    """The files below a folder that hold the secret, in any of its spellings, or the bytes of its file."""
    needles = [b"zirconquokka", "zirconquokka".encode("utf-16-le"), "zirconquokka".encode("utf-16-be"), FILE.encode()]
    files = [path for path in home.rglob("*") if path.is_file()]
    return [str(path.relative_to(home)) for path in files if any(needle in path.read_bytes() for needle in needles)]


@pytest.fixture
def home(kept: Path, tmp_path: Path) -> Path:
    """A copy of that workspace of its own."""
    shutil.copytree(kept, tmp_path / "desk")
    return tmp_path / "desk"


def test_a_purged_source_is_nowhere_on_the_disk_and_everything_that_cited_it_stands(home: Path) -> None:
    assert {"evidence/quokka.txt", "records/ledger.sqlite", ".workbench/catalog.sqlite"} <= set(holding(home))
    with opened(home) as desk:
        before, secret = desk.ledger.head()[0], source(desk)
        done = desk.erasing.purge(secret, REASON, actor=ANA)

        assert (done.files, done.claims) == (("evidence/quokka.txt",), (CLAIM,))
        assert desk.ledger.verify() == []
        assert verify(desk).failures == ()
        assert [one for one in doctor(desk) if not one.ok and one.name in ("ledger", "originals", "index")] == []
        assert desk.ledger.head()[0] > before
        case = desk.case(CLAIM)
        assert case.verdicts[0].citations[0].quote == "[erased]"
        assert case.verdicts[0].citations[1].quote == OTHER.strip()
        assert (case.verdicts[0].explanation, desk.draft(CLAIM, BO).headline) == ("Both say so.", "Ours")
        assert [one.passage_id for one in desk.draft(CLAIM, BO).cites] == [case.verdicts[0].citations[1].passage_id]
        assert case.status == "recheck", "what it rested on is gone: somebody has to look"
        assert desk.find("zirconquokka recounted", mode="lexical").hits == ()
        assert desk.find("observers of the vote").hits, "the index was made again"
        report = " ".join(desk.export("md").decode().replace("\\", "").split())
        assert f"Erased on 1 May 2026: {REASON}." in report
        assert f"erased the words of a source for good: “{REASON}”" in str(happenings(case.events))
    assert holding(home) == []


def test_a_case_file_made_after_a_purge_is_whole_and_says_why_words_are_missing(home: Path, tmp_path: Path) -> None:
    with opened(home) as desk:
        desk.erasing.purge(source(desk), REASON, actor=ANA)
        desk.casefiles.write(CLAIM, tmp_path / "case")

    found = check_case_file(tmp_path / "case")
    assert (found.passed, [one.result for one in found.citations]) == (True, ["WITHHELD", "PASS"])
    assert f"Erased on 1 May 2026: {REASON}." in (tmp_path / "case" / "report.html").read_text(encoding="utf-8")
    assert holding(tmp_path / "case") == []


def test_asking_twice_is_harmless_and_the_first_reason_stays(home: Path) -> None:
    with opened(home) as desk:
        secret = source(desk)
        desk.erasing.purge(secret, REASON, actor=ANA)
        head = desk.ledger.head()
        again = desk.erasing.purge(secret, "another reason", actor=BO)

        assert (again.words, again.files, again.reason) == (0, (), REASON)
        assert desk.ledger.head() == head
        assert desk.ledger.verify() == []


def test_purged_bytes_are_not_taken_in_again(home: Path, tmp_path: Path) -> None:
    with opened(home) as desk:
        secret = source(desk)
        desk.erasing.purge(secret, REASON, actor=ANA)
        (tmp_path / "again.txt").write_text(FILE, encoding="utf-8")
        (refused,) = desk.add_evidence([tmp_path / "again.txt"]).failed
        (desk.workspace.evidence / "back.txt").write_text(FILE, encoding="utf-8")
        (told,) = desk.sync_evidence().failed

        assert (refused.code, told.code) == ("purged", "purged")
        assert f"Erased on 1 May 2026: {REASON}." in told.message
        assert not desk.originals.has(secret)
    assert holding(home) == ["evidence/back.txt"], "only what somebody put there, and is told of"


@pytest.mark.parametrize(
    "step", [STEPS[1], STEPS[2], *(pytest.param(one, marks=pytest.mark.long) for one in STEPS if one not in STEPS[1:3])]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_purge_that_is_broken_off_is_finished_by_asking_again(
    home: Path, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    whole = getattr(Purge, step)

    def broken(self: Purge, *given: object) -> None:
        if when == "after":
            whole(self, *given)
        raise KeyboardInterrupt

    with opened(home) as desk:
        secret = source(desk)
        with monkeypatch.context() as patch:
            patch.setattr(Purge, step, broken)
            with pytest.raises(KeyboardInterrupt):
                desk.erasing.purge(secret, REASON, actor=ANA)
    with opened(home) as desk:
        desk.sync_evidence()  # somebody may do anything in between
        desk.erasing.purge(secret, REASON, actor=ANA)
        assert desk.ledger.verify() == []
        assert desk.case(CLAIM).verdicts[0].citations[0].quote == "[erased]"
    assert holding(home) == []


def test_what_was_removed_before_is_purged_too(home: Path) -> None:
    with opened(home) as desk:
        secret = source(desk)
        desk.remove_source(secret, actor=ANA, reason="Not ours.")
        desk.erasing.purge(secret, REASON, actor=ANA)
    assert holding(home) == []


def test_words_of_another_source_stay(home: Path, tmp_path: Path) -> None:
    with opened(home) as desk:
        other = source(desk, "other.txt")
        done = desk.erasing.purge(other, REASON, actor=ANA)
        case = desk.case(CLAIM)

        assert [one.quote for one in case.verdicts[0].citations] == [
            SECRET.join(("", "\n\nNobody else was at the commission that evening.")),
            "[erased]",
        ]
        assert case.verdicts[0].rationale == f"We read: {SECRET}"
        assert case.verdicts[0].explanation == "Both say so."
        assert done.claims == (CLAIM,)


def test_a_purge_needs_a_reason_that_does_not_quote_and_a_source_that_is_there(home: Path) -> None:
    with opened(home) as desk:
        secret = source(desk)
        with pytest.raises(Refused, match="needs a reason"):
            desk.erasing.purge(secret, "  ", actor=ANA)
        with pytest.raises(Refused, match="words of the source"):
            desk.erasing.purge(secret, f"It said: {SECRET}", actor=ANA)
        with pytest.raises(UnknownId):
            desk.erasing.purge("0" * 12, REASON, actor=ANA)
        assert desk.case(CLAIM).verdicts[0].citations[0].quote != "[erased]"
