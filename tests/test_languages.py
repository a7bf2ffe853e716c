"""Which language a text is in, as far as it can be told; what a file states comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.desk import Desk
from workbench.languages import identified, script_of
from workbench.models import Filters

TEXTS = {
    "en": "The General Assembly adopted the resolution on Friday. More than a hundred countries voted for it, one voted "
    "against, and three dozen abstained. Diplomats had worked on the wording for several weeks before the vote was held.",
    "fr": "L'assemblée générale a adopté la résolution vendredi. Plus de cent pays ont voté pour, un seul a voté contre, et "
    "une trentaine se sont abstenus. Les diplomates avaient travaillé au texte pendant plusieurs semaines avant le vote.",
    "es": "La asamblea general aprobó la resolución el viernes. Más de cien países votaron a favor, uno votó en contra y unas "
    "tres docenas se abstuvieron. Los diplomáticos habían trabajado en el texto durante varias semanas antes de la votación.",
    "de": "Die Vollversammlung nahm die Resolution am Freitag an. Mehr als hundert Staaten stimmten dafür, einer dagegen, und "
    "drei Dutzend enthielten sich. Diplomaten hatten mehrere Wochen lang am Wortlaut gearbeitet, bevor abgestimmt wurde.",
    "zh": "联合国大会星期五通过了这项决议。一百多个国家投了赞成票，一个国家投了反对票，三十多个国家弃权。"
    "外交官们在表决前花了好几个星期讨论文本。",
    "my": "ကုလသမဂ္ဂ အထွေထွေညီလာခံက သောကြာနေ့တွင် ဆုံးဖြတ်ချက်ကို အတည်ပြုခဲ့သည်။ နိုင်ငံတစ်ရာကျော်က ထောက်ခံခဲ့သည်။",
    "km": "មហាសន្និបាតអង្គការសហប្រជាជាតិបានអនុម័តសេចក្តីសម្រេចកាលពីថ្ងៃសុក្រ។ ប្រទេសជាងមួយរយបានបោះឆ្នោតគាំទ្រ។",
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_a_few_sentences_is_told(language: str) -> None:
    assert identified(TEXTS[language], script_of(TEXTS[language])) == language


@pytest.mark.parametrize("text", ["GDP fell 18%.", "", "12 34 56 " * 50, "xk qzw vbn rtyp " * 40, "No."])
def test_a_text_that_tells_too_little_is_left_unknown(text: str) -> None:
    assert identified(text, script_of(text)) is None


def test_what_a_file_states_comes_before_what_its_text_seems_to_be(desk: Desk) -> None:
    page = f'<html lang="de"><body><article><p>{TEXTS["fr"]}</p></article></body></html>'
    (desk.workspace.evidence / "stated.html").write_text(page, encoding="utf-8")
    (desk.workspace.evidence / "silent.txt").write_text(TEXTS["fr"], encoding="utf-8")

    desk.sync_evidence()

    found = {entry.paths[0]: (entry.meta.language, entry.language_identified, entry.language) for entry in desk.library()}
    assert found == {"evidence/stated.html": ("de", None, "de"), "evidence/silent.txt": (None, "fr", "fr")}


def test_a_filter_by_language_finds_what_was_identified(desk: Desk) -> None:
    for language in ("en", "fr"):
        (desk.workspace.evidence / f"{language}.txt").write_text(TEXTS[language], encoding="utf-8")
    desk.sync_evidence()

    hits = desk.find("the vote on the resolution", filters=Filters(languages=("fr",))).hits

    assert {Path(hit.path).name for hit in hits} == {"fr.txt"}


def test_passages_in_a_language_the_model_was_not_checked_for_are_counted(desk: Desk) -> None:
    (desk.workspace.evidence / "de.txt").write_text(TEXTS["de"], encoding="utf-8")
    desk.sync_evidence()

    assert dict(desk.find("Resolution").receipt.languages_unchecked) == {"de": 1}
