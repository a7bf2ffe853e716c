"""A Burmese, a Khmer, a French and a Chinese document, as newsrooms have them: what is in their text, and what is not."""

from __future__ import annotations

import pytest
from docx.oxml.parser import parse_xml

from tests import documents
from tests.conftest import Read
from workbench.models import Source
from workbench.passages import sentence_spans

pytestmark = pytest.mark.process

BURMESE = [
    "စစ်တပ်က ရွေးကောက်ပွဲရလဒ်ကို ပယ်ဖျက်ခဲ့ပြီး မဲစာရင်းတွင် အမှားများရှိသည်ဟု ပြောသည်။",
    "လေ့လာသူများက “မသမာမှု မတွေ့ခဲ့ပါ” ဟု သောကြာနေ့တွင် ပြောခဲ့သည်။",
    "ပဲခူးမြို့တွင် မဲရုံ ၃၀ ကို ပြန်လည်ရေတွက်ခဲ့ပြီး ကွာခြားချက် သုံးမဲထက် မပိုခဲ့ပါ။",
]
KHMER = [
    "អ្នកសង្កេតការណ៍\u200bបាន\u200bនិយាយ\u200bថា “គ្មាន\u200bការ\u200bក្លែង\u200bបន្លំ\u200bទេ”។",
    "ពួកគេ\u200bបាន\u200bរាប់\u200bសន្លឹក\u200bឆ្នោត\u200bឡើង\u200bវិញ\u200bនៅ\u200bទីក្រុង\u200bចំនួន ៣០។",
]
FRENCH = [
    "M. Lefort l’a répété le 3 nov. 2021 : « Il n’y a pas eu de fraude. »",
    "Les observateurs ont recompté à la main les bulletins de trente villes, et au-",
    "cun écart ne dépassait trois voix.",
]
CHINESE = [
    "军方称选举名册有误，并宣布结果无效。",
    "观察员星期五说：“我们没有看到舞弊。”他们重新清点了三十个城镇的选票。",
    "在勃固，两次清点的差别不超过三票。在勃生，差别是两票，各党的代表第二天在每一张清点表上签了字。",
    "委员会收到了十一份申诉，其中九份因为没有证据被驳回，另外两份涉及同一个投票站，重新清点以后结果没有变化。",
    "军方没有回答记者提出的问题，也没有公布它所说的名册，只在晚间新闻里重复了同样的说法，并要求各地官员不要接受采访。",
    "律师们说，宪法没有给军方取消选举结果的权力，只有议会可以这样做，而议会已经有一个星期没有开会了。",
]


def sentences(source: Source, language: str) -> list[str]:
    return [source.text[span.start : span.end] for span in sentence_spans(source.text, language=language)]


def page(language: str, charset: str, menu: str, banner: str, title: str, paragraphs: list[str], footer: str) -> bytes:
    """A page of a news site: menu, cookie banner, article, footer."""
    article = f"<article><h1>{title}</h1>{''.join(f'<p>{each}</p>' for each in paragraphs)}</article>"
    around = f'<nav><ul><li><a href="/">{menu}</a></li></ul></nav><div class="cookie-banner"><button>{banner}</button></div>'
    head = f'<head><meta charset="{charset}"><title>{title}</title></head>'
    return f'<html lang="{language}">{head}<body>{around}{article}<footer>{footer}</footer></body></html>'.encode(charset)


def test_a_burmese_news_page_is_its_article_sentence_by_sentence(read: Read) -> None:
    source = read("a.html", page("my", "utf-8", "ပင်မစာမျက်နှာ", "ကွတ်ကီးလက်ခံပါ", "ရွေးကောက်ပွဲ", BURMESE, "မူပိုင်ခွင့်"))

    assert [each for each in BURMESE if each in sentences(source, "my")] == BURMESE
    assert not [each for each in ("ပင်မစာမျက်နှာ", "ကွတ်ကီး", "မူပိုင်ခွင့်", "\ufffd") if each in source.text]
    assert (source.script, source.language, source.warnings) == ("Mymr", "my", ())


def test_a_khmer_word_document_keeps_its_word_marks_and_not_its_deleted_words(read: Read) -> None:
    document = documents.word()
    document.add_heading("ការបោះឆ្នោត", level=1)
    for words in KHMER:
        document.add_paragraph(words)
    document.paragraphs[-1]._p.append(parse_xml(f"<w:del {documents.W}><w:r><w:delText>មិន\u200bពិត</w:delText></w:r></w:del>"))

    source = read("a.docx", documents.saved(document))

    assert source.text == "\n\n".join(["ការបោះឆ្នោត", *KHMER])
    assert sentences(source, "km") == ["ការបោះឆ្នោត", *KHMER]
    assert (source.script, source.warnings) == ("Khmr", ("tracked deletions left out: 1",))


def test_a_french_pdf_keeps_its_quotation_marks_accents_and_line_ends(read: Read) -> None:
    source = read("a.pdf", documents.pdf(FRENCH, ["Fin."], title="Rapport"))

    assert source.text == "\n".join(FRENCH) + "\n\nFin."
    assert not [each for each in ("Â", "Ã", "\ufffd", "\ufffe", "\u00ad", "aucun") if each in source.text]
    assert "« Il n’y a pas eu de fraude. »" in sentences(source, "fr")[0]
    assert (source.title, source.script, source.warnings) == ("Rapport", "Latn", ())


def test_a_chinese_news_page_in_its_old_encoding_is_its_article_sentence_by_sentence(read: Read) -> None:
    source = read("a.html", page("zh-CN", "gb2312", "首页", "接受所有饼干", "选举之后", CHINESE, "版权所有"))

    assert [each for each in CHINESE if each in source.text] == CHINESE
    assert "他们重新清点了三十个城镇的选票。" in sentences(source, "zh")
    assert not [each for each in ("首页", "接受所有", "版权所有", "\ufffd", "¾ü") if each in source.text]
    assert (source.script, source.language, source.warnings) == ("Hani", "zh", ())
