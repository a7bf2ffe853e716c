"""One text, said in the language of whoever reads it: the catalogs are whole, and nothing people read goes past the door."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA, make_claim
from tests.labels import ARGUMENTS, NAMED_ONLY, SINKS
from workbench import tongue
from workbench.desk import Desk
from workbench.languages import named
from workbench.lens.saying import said
from workbench.lens.seen import both
from workbench.models import Finding, PartialDate
from workbench.settings.sections import UiSettings
from workbench.tongue import MIRRORED, N_, Words, _, counted, speaking
from workbench.ui import lens_marks, session, words
from workbench.ui.app import MAIN_PAGE

PACKAGE = Path(tongue.__file__).parent
TRANSLATED = [code for code in tongue.languages() if code != tongue.ENGLISH]
PLACE = re.compile(r"\{[^}]*\}")

# --- the catalogs -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def in_the_source() -> dict[str, tuple[str, ...]]:
    """Every text of the source that is to be translated, by its (singular) English, with its forms: as Babel finds them."""
    found = extract_from_dir(str(PACKAGE), keywords={"_": None, "N_": None, "counted": (2, 3)})
    forms = (text if isinstance(text, tuple) else (text,) for _file, _line, text, *_rest in found)
    return {each[0]: each for each in forms}


def catalog(code: str) -> Catalog:
    with (tongue.CATALOGS / code / "LC_MESSAGES" / "workbench.po").open("rb") as file:
        return read_po(file, locale=code)


def forms_of(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def messages(code: str) -> dict[str, Message]:
    return {forms_of(one.id)[0]: one for one in catalog(code) if one.id}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_of_the_source_is_in_the_catalog_and_no_other(code: str, in_the_source: dict[str, tuple[str, ...]]) -> None:
    known = messages(code)

    assert sorted(set(in_the_source) - set(known)) == [], "run: make messages, then translate them"
    assert sorted(set(known) - set(in_the_source)) == [], "run: make messages"
    assert list(catalog(code).obsolete) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated_with_the_same_places_to_fill(code: str) -> None:
    wrong = []
    for english, message in messages(code).items():
        told = forms_of(message.string)
        places = {place for form in forms_of(message.id) for place in PLACE.findall(form)}
        found = [set(PLACE.findall(form)) for form in told]
        if message.fuzzy or not told or not all(told) or found[-1] != places or any(each - places for each in found):
            wrong.append(english)

    assert wrong == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_the_app_reads_is_what_was_translated(code: str) -> None:
    with (tongue.CATALOGS / code / "LC_MESSAGES" / "workbench.mo").open("rb") as file:
        compiled = {forms_of(one.id)[0]: forms_of(one.string) for one in read_mo(file) if one.id}

    assert compiled == {english: forms_of(one.string) for english, one in messages(code).items()}, "run: make messages"


def test_french_keeps_its_spaces_before_high_signs() -> None:
    loose = re.compile(r"[^\s\u00a0\u202f]*(?: [:;?!»]|« )|[’\w]'\w")

    assert [form for one in messages("fr").values() for form in forms_of(one.string) if loose.search(form)] == []


# --- the door ---------------------------------------------------------------------------------------------------------------


def test_a_text_is_said_in_the_language_that_is_spoken_and_its_values_are_filled_in() -> None:
    assert _("Cited: {stance}", stance="{who}") == "Cited: {who}"
    with speaking("fr"):
        assert _("Cited: {stance}", stance="{who}") == "Cité\u00a0: {who}"
        assert _("a text nobody translated") == "a text nobody translated"
        assert _("") == ""


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "0 passages", "0 passage"),
        (1, "1 passage", "1 passage"),
        (2, "2 passages", "2 passages"),
        (1204, "1,204 passages", "1\u202f204 passages"),
    ],
)
def test_counts_are_words_with_the_plural_of_the_language(number: int, english: str, french: str) -> None:
    assert counted(number, "{count} passage", "{count} passages") == english
    with speaking("fr"):
        assert counted(number, "{count} passage", "{count} passages") == french


def test_numbers_and_dates_are_written_as_the_language_does() -> None:
    when = PartialDate.model_validate("not before 2021-06 (inferred)")
    assert (tongue.number(0.1234, ".3f"), tongue.number(0.5, ".0%"), tongue.day(date(2026, 5, 1))) == (
        "0.123",
        "50%",
        "1 May 2026",
    )
    assert words.known_date(when) == "not before June 2021 (inferred)"
    with speaking("fr"):
        may = date(2026, 5, 1)
        assert (tongue.number(0.1234, ".3f"), tongue.number(0.5, ".0%"), tongue.day(may)) == (
            "0,123",
            "50\u00a0%",
            "1 mai 2026",
        )
        assert words.known_date(when) == "pas avant juin 2021 (déduit)"


def test_what_the_lens_said_is_said_again_in_another_language() -> None:
    seen = Finding(kind="name", relation="agrees", detail=both("United States", "American"))
    with speaking("fr"):
        told = "".join(lens_marks.lines([seen]))
        assert "concorde\u00a0: United States dans l’affirmation, American ici\u00a0: cela concorde" in told
        assert said("no template says this") == "no template says this"


def test_a_report_is_in_english_whoever_asks_for_it(shown: Desk) -> None:
    english = b"".join(shown.reporting.pieces("html"))
    with speaking("fr"):
        assert b"".join(shown.reporting.pieces("html")) == english
        assert shown.reporting.gaps()[0].told == "Brouillon, à ne pas publier\u00a0: pas encore de verdict."


def test_a_language_has_its_name_in_the_language_and_in_english_where_it_is_kept() -> None:
    with speaking("fr"):
        assert (named("my"), named("my", spoken="en"), named("Khmr")) == ("birman", "Burmese", "écriture khmer")


def test_words_of_a_table_are_said_when_they_are_looked_up() -> None:
    table: Words[str] = Words({"supports": N_("Supports")})

    with speaking("fr"):
        assert (table["supports"], dict(table.items())) == ("Étaye", {"supports": "Étaye"})
    assert table["supports"] == "Supports"


@pytest.mark.parametrize(
    ("wanted", "locale", "language"),
    [
        ("auto", "fr-CA", "fr"),
        ("auto", "fr", "fr"),
        ("auto", "de-DE", "en"),
        ("auto", None, "en"),
        ("auto", 7, "en"),
        ("auto", "../fr", "en"),
        ("fr", "en-US", "fr"),
        ("en", "fr-FR", "en"),
        (MIRRORED, "fr-FR", MIRRORED),
    ],
)
def test_the_setting_comes_before_the_browser(wanted: str, locale: object, language: str) -> None:
    assert tongue.nearest(wanted, locale) == language


def test_a_language_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="use one of auto, en, fr"):
        UiSettings(language="xx")


# --- the pages --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shown(desk: Desk) -> Iterator[Desk]:
    desk.encoder()
    desk.add_claim(make_claim("vote", "The resolution passed 119 to 1."), actor=ANA)
    session.use_desk(desk)
    yield desk
    session.use_desk(None)


def visit(view: str, language: str) -> AppTest:
    app = AppTest.from_file(MAIN_PAGE, default_timeout=30)
    app.session_state["reviewer"] = "Ana"
    app.session_state["language"] = language
    app.switch_page(f"views/{view}.py")
    app.query_params["claim"] = "vote"
    return app.run()


def labels_by_key(app: AppTest) -> dict[str, str]:
    widgets: list[Any] = [*app.button, *app.text_input, *app.text_area, *app.selectbox, *app.radio, *app.multiselect]
    return {one.key: one.label for one in widgets if one.key}


def test_a_page_has_the_same_keys_in_every_language_and_other_labels(shown: Desk) -> None:
    english, french, mirrored = (labels_by_key(visit("check", code)) for code in ("en", "fr", MIRRORED))
    token = re.compile(r"[0-9a-f]{32}|tok[\w-]+")  # a draft's own

    def keys(labels: dict[str, str]) -> list[str]:
        return sorted(token.sub("TOKEN", key) for key in labels)

    assert keys(english) == keys(french) == keys(mirrored)
    assert (english["show-keys"], french["show-keys"]) == ("Keys", "Touches")
    assert [key for key, label in mirrored.items() if label and "\u202e" not in label and re.search("[A-Za-z]{2}", label)] == []


def test_one_visitor_reads_french_while_another_reads_english(shown: Desk) -> None:
    french, english = visit("queue", "fr"), visit("queue", "en")
    french.run()
    english.run()

    assert (french.subheader[0].value, english.subheader[0].value) == ("Aujourd’hui", "Today")

    english.selectbox(key="chosen_language").set_value("fr").run()
    french.selectbox(key="chosen_language").set_value("en").run()
    assert (french.subheader[0].value, english.subheader[0].value) == ("Today", "Aujourd’hui")


# --- what goes past the door ------------------------------------------------------------------------------------------------

PAST = {  # (file, text): why nobody translates it
    ("ui/cited_panel.py", "AAPP, via VOA"): "an example of names",
    ("ui/new_claim.py", "12.5"): "a number",
}
PROSE = re.compile(r"[A-Za-z]{2,}")
SHOWN_BY = {  # functions of ours that put a text on the page, with how many of their first arguments are such
    **dict.fromkeys(("small", "said", "show_text", "pill"), 1),
    **dict.fromkeys(("notice", "empty"), 2),
    "say": 1,
}
MORE = {"placeholder"}


def past_the_door(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of every constant or f-string with words in it that is shown as it is."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)) or ast.unparse(call.func.value) == "self":
            continue
        name, given = call.func.attr, {one.arg: one.value for one in call.keywords}
        handed = [value for arg, value in given.items() if arg in ARGUMENTS | MORE] if name in SINKS | NAMED_ONLY else []
        handed += call.args[:1] if name in SINKS else call.args[: SHOWN_BY.get(name, 0)]
        yield from ((text.lineno, ast.unparse(text)) for value in handed for text in plain(value))
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("tag", "show.tag"):
            handed = [*call.args[2:], *(one.value for one in call.keywords if one.arg in ("title", "alt", "aria_label"))]
            yield from ((text.lineno, ast.unparse(text)) for value in handed for text in plain(value))


def plain(value: ast.expr) -> Iterator[ast.expr]:
    """The texts with words that this expression may be, as they stand in it."""
    match value:
        case ast.Constant(value=str(text)):
            yield from [value] if PROSE.search(text) and text != "https://" else []
        case ast.JoinedStr(values=parts) if any(
            isinstance(one, ast.Constant) and PROSE.search(str(one.value)) for one in parts
        ):
            yield value
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from plain(one)
            yield from plain(other)
        case ast.BoolOp(values=parts):
            for one in parts:
                yield from plain(one)


def test_what_people_read_goes_through_the_door() -> None:
    files = sorted((PACKAGE / "ui").rglob("*.py"))
    found = {(str(path.relative_to(PACKAGE)), text.strip("'\"")): line for path in files for line, text in past_the_door(path)}

    assert {f"{file}:{line} {text}" for (file, text), line in found.items() if (file, text) not in PAST} == set()


@pytest.mark.parametrize(
    "code",
    ["st.button('Save it')", "show.small(f'{n} files')", "st.text_input(label, help='What it is')", "tag('p', '', 'Words')"],
)
def test_a_text_past_the_door_is_seen(tmp_path: Path, code: str) -> None:
    path = tmp_path / "page.py"
    path.write_text(code, encoding="utf-8")

    assert list(past_the_door(path))


def test_no_text_is_said_where_the_extractor_cannot_read_it() -> None:
    """It does not open an f-string."""
    hidden = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        doors = [one.names for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) and one.module == "workbench.tongue"]
        ours = {name.name for names in doors for name in names} & {"_", "counted"}
        filled = [inside for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for inside in ast.walk(one)]
        hidden += [
            f"{path.name}:{one.lineno} {ast.unparse(one)}"
            for one in filled
            if isinstance(one, ast.Call) and ast.unparse(one.func) in ours
            if any(isinstance(given, ast.Constant) and isinstance(given.value, str) for given in one.args)
        ]

    assert hidden == []
