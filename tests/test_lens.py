"""The lens: what agrees, differs, has different dates or is not mentioned, kind by kind.

The cases are about the subjects of the sample evidence, in words of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import pytest

from workbench.benchmark.contrast import KINDS
from workbench.lens import look, stands
from workbench.models import Finding, PartialDate, Span

Relation = Literal["agrees", "differs", "different dates", "not mentioned"]
AGREES: Final = "agrees"
DIFFERS: Final = "differs"
OTHER_DAYS: Final = "different dates"
SILENT: Final = "not mentioned"
Case = tuple[str, str, str]


def relation(claim: str, passage: str, kind: str, dates: Mapping[str, PartialDate] | None = None) -> str | None:
    """What the lens says of one kind; a difference outweighs an agreement, an agreement outweighs silence."""
    days = dates or {}
    found = look(claim, passage, claim_date=days.get("claim_date"), source_date=days.get("source_date"))
    seen = {finding.relation for finding in found if finding.kind == kind}
    return next((one for one in (DIFFERS, AGREES, SILENT) if one in seen), None)


def day(written: str) -> PartialDate:
    return PartialDate.model_validate(written)


CRACKDOWN = "AAPP's figure for the time from the coup on 1 February until 29 June 2021 was 883 people killed."
ARRESTS = "Besides the dead, some 5,224 people were said to have been arrested, charged or already convicted by then."
VOTE = "The day is given as 14 June 2021, and the vote as 119 in favour, one against and 36 abstentions."
FILM = "State television ran a film of 46 minutes with much the same accusations."
CHARTS = "They hold charts that show about 300 local and international organisations as parts of the supposed plot."
MEETING = "On 23 June 2021 Min Aung Hlaing met Sergei Shoigu, the Russian defence minister, at a conference in Moscow."
VISIT = "Cambodia's prime minister, Hun Sen, travelled to Myanmar on Friday, 7 January 2022."
SUMMIT = "The leaders of Southeast Asia met in Jakarta on a Saturday in April 2021."

NUMBERS: tuple[Case, ...] = (
    (DIFFERS, "1,400 people had been killed by the end of June 2021.", CRACKDOWN),
    (DIFFERS, "2,883 people were killed, AAPP said.", CRACKDOWN),
    (AGREES, "Nearly 900 people had been killed by 29 June 2021.", CRACKDOWN),
    (AGREES, "At least 800 people were killed.", CRACKDOWN),
    (DIFFERS, "Fewer than 800 people lost their lives.", "The group confirmed 883 deaths."),
    (SILENT, "883 people were killed.", ARRESTS),
    (SILENT, "883 people were killed.", FILM),
    (AGREES, "About 5,000 people were arrested.", ARRESTS),
    (DIFFERS, "Some 9,000 people were arrested, charged or convicted.", ARRESTS),
    (DIFFERS, "5,224 people were killed by the end of June 2021.", CRACKDOWN + " " + ARRESTS),
    (AGREES, "One hundred and nineteen states voted in favour.", VOTE),
    (DIFFERS, "Only 19 countries voted in favour of the resolution.", VOTE),
    (AGREES, "Thirty-six states abstained.", VOTE),
    (DIFFERS, "There were 63 abstentions.", VOTE),
    (DIFFERS, "The film of state television is 46 hours long.", FILM),
    (AGREES, "The film of state television lasts three quarters of an hour.", FILM.replace("46", "45")),
    (AGREES, "Roughly three hundred organisations are part of the plot.", CHARTS),
    (DIFFERS, "Some 3,000 organisations are shown as parts of the plot.", CHARTS),
    (DIFFERS, "Aung San Suu Kyi was 67 years old.", "Aung San Suu Kyi was 76 at the time and under house arrest."),
    (SILENT, "12 people were arrested in Mandalay.", "In Yangon, 40 people were arrested."),
    (DIFFERS, "Support fell by 12 percent.", "Support fell by 12 percentage points."),
    (DIFFERS, "The loan amounts to 20 million euros.", "The bank granted a loan of 20 million dollars."),
    (AGREES, "The road is 100 miles long.", "The road is 160 km long."),
    (AGREES, "One in five children fled.", "20 % of the children fled."),
    (AGREES, "1 400 civils ont été tués.", "Plus de 1.400 civils ont été tués."),
    (DIFFERS, "El 30 por ciento de los votantes se abstuvo.", "El 36 por ciento de los votantes se abstuvo."),
    (DIFFERS, "1,400 people were killed.", "缅甸有883人死亡。"),
    (AGREES, "三百个组织参与其中。", "300个组织参与其中。"),
    (AGREES, "Some 35,000 people fled.", "大约3万5千人逃离。"),
    (DIFFERS, "About 5,224 people were arrested.", "Au total, 2 524 personnes ont été arrêtées."),
    (AGREES, "The army spent 2.5 million dollars.", "El ejército gastó 2,5 millones de dólares."),
    (AGREES, "Deux millions de personnes ont voté.", "2 millions de personnes ont voté."),
    (SILENT, "About 1,400 people were killed.", "有5224人被捕。"),
    (DIFFERS, "The general is 64 years old.", "The general, 66, has led the army for years."),
    (DIFFERS, "Exports fell to 6 percent.", "Exports fell by 6 percent."),
    (DIFFERS, "1,000 people were killed.", "1,400 people were killed."),
    (DIFFERS, "62 million records were sold.", "100 million records were sold."),
    (DIFFERS, "Hundreds of shops closed.", "Thousands of shops closed."),
    (SILENT, "The Assembly adopted the text by 119 votes.", "Resolution 75/287 was adopted by the Assembly."),
    (AGREES, "The siege lasted an hour and a half.", "The siege lasted 90 minutes."),
    (DIFFERS, "ဆန္ဒပြသူ ၁၁၄ ဦး သေဆုံး", "ဆန္ဒပြသူ ၁၄၁ ဦး သေဆုံး"),
    (AGREES, "មនុស្ស ៨៨៣ នាក់ ត្រូវបានសម្លាប់", "មនុស្សប្រមាណ 883 នាក់ ត្រូវបានសម្លាប់"),
)
DATES: tuple[Case, ...] = (
    (DIFFERS, "Min Aung Hlaing met Shoigu on 25 June 2021.", MEETING),
    (AGREES, "Min Aung Hlaing met Shoigu in June 2021.", MEETING),
    (DIFFERS, "The resolution was adopted on 18 June 2021.", "The Assembly adopted the resolution on 14 June 2021."),
    (DIFFERS, "Hun Sen went to Myanmar in January 2021.", VISIT),
    (AGREES, "Hun Sen travelled to Myanmar on a Friday.", "Hun Sen travelled to Myanmar on January 7, 2022."),
    (DIFFERS, "Hun Sen travelled to Myanmar on a Monday.", "Hun Sen travelled to Myanmar on 7 January 2022."),
    (SILENT, "The election took place in November 2020.", "The army took power on 1 February 2021."),
    (DIFFERS, "The coup took place on 1 March 2021.", "The army seized power on 1 February 2021."),
    (DIFFERS, "The Act was extended in 2012.", "The Act was passed in 2012 and extended in 2016."),
    (AGREES, "About 30 people were burned on Christmas Eve 2021.", "About 30 people were burned on 24 December 2021."),
    (AGREES, "The count covers February to June 2021.", "The count runs from 1 February until 29 June 2021."),
    (DIFFERS, "The count covers February to April 2021.", "The count covers the time from 1 February until 29 June 2021."),
    (DIFFERS, "L'élection a eu lieu le 8 novembre 2020.", "L'élection a eu lieu le 18 novembre 2020."),
    (AGREES, "El golpe fue el 1 de febrero de 2021.", "The coup was on 1 February 2021."),
    (DIFFERS, "The coup was on 1 February 2021.", "Le coup d'État a eu lieu le 11 février 2021."),
    (DIFFERS, "The election was held on 8 November 2020.", "选举于2020年10月8日举行。"),
    (DIFFERS, "The army took power in 2021.", "စစ်တပ်သည် ၂၀၂၂ ခုနှစ်တွင် အာဏာသိမ်းခဲ့သည်။"),
    (
        DIFFERS,
        "Voter registration in Cambodia ended on 9 November 2017.",
        "ការចុះឈ្មោះបោះឆ្នោតនៅកម្ពុជាបានបញ្ចប់នៅថ្ងៃទី ១៩ ខែវិច្ឆិកា ឆ្នាំ ២០១៧។",
    ),
    (AGREES, "The meeting was on 24 April 2021.", "La réunion a eu lieu le 24 avril 2021."),
    (DIFFERS, "The ceasefire started in early June.", "The ceasefire started in late June."),
    (AGREES, "The ceasefire started in early June.", "The ceasefire started on 3 June."),
    (DIFFERS, "The visit was in the first half of 2022.", "The visit was in November 2022."),
    (DIFFERS, "The envoy was appointed six months after the coup.", "The envoy was appointed three months after the coup."),
    (SILENT, "The envoy arrived two months after the coup.", "The envoy arrived in April 2021."),
    (SILENT, "Kem Sokha was arrested in September 2017.", "Kem Sokha founded the party in 2012."),
    (DIFFERS, "政变发生在2021年2月1日。", "政变发生在二〇二一年三月一日。"),
    (DIFFERS, "အာဏာသိမ်းမှု ၂၀၂၁ ခုနှစ် ဖေဖော်ဝါရီလ ၁ ရက်", "အာဏာသိမ်းမှု ၂၀၂၁ ခုနှစ် မတ်လ ၁ ရက်"),
    (AGREES, "រដ្ឋប្រហារ ថ្ងៃទី១ ខែកុម្ភៈ ឆ្នាំ២០២១", "រដ្ឋប្រហារ ខែកុម្ភៈ ឆ្នាំ២០២១"),
)
NEGATIONS: tuple[Case, ...] = (
    (DIFFERS, "Hun Sen did not travel to Myanmar.", VISIT),
    (DIFFERS, "The election was marred by fraud.", "Observers found no evidence of fraud in the election."),
    (DIFFERS, "The protests broke out because of election fraud.", "The claims of election fraud are unsubstantiated."),
    (DIFFERS, "The junta let the envoy see her.", "The junta refused to let the envoy see her."),
    (DIFFERS, "The general attended the summit.", "The general was barred from attending the summit."),
    (DIFFERS, "Officials accepted the findings.", "Officials rejected the findings."),
    (DIFFERS, "The protesters were armed.", "The protesters were unarmed."),
    (DIFFERS, "The minister denied the meeting.", "The minister did not deny the meeting."),
    (DIFFERS, "It is not true that the ceasefire failed.", "The ceasefire failed."),
    (DIFFERS, "The report names its source.", "The report names neither its source nor the investigators."),
    (AGREES, "The parties failed to reach an agreement.", "The parties did not reach an agreement."),
    (AGREES, "The ceasefire was not accepted by the rebels.", "The rebels refused to accept the ceasefire."),
    (DIFFERS, "Prices rose after the coup.", "Prices fell after the coup."),
    (DIFFERS, "The court accepted the complaint of the voters.", "The complaint of the voters was thrown out by the court."),
    (DIFFERS, "The envoy arrived before the talks began.", "The envoy arrived after the talks began."),
    (DIFFERS, "Shoigu promised weapons.", "Did Shoigu promise weapons? He did not."),
    (DIFFERS, "Suu Kyi has seen her lawyers.", "Suu Kyi has yet to see her lawyers."),
    (DIFFERS, "The police used live ammunition.", "At no point had the police used live ammunition."),
    (SILENT, "The army did not bomb villages.", "The internet was cut off to hide what was being done."),
)
QUANTIFIERS: tuple[Case, ...] = (
    (DIFFERS, "All armed groups accepted the ceasefire.", "The ceasefire was accepted by some of the armed groups."),
    (DIFFERS, "Every opponent used violence.", "Most of the opponents used violence."),
    (DIFFERS, "Most voters backed the party.", "Only 30 % of voters backed the party."),
    (DIFFERS, "All members voted.", "Nearly all members voted."),
    (DIFFERS, "Only demonstrators were arrested.", "Demonstrators were arrested, as well as journalists."),
    (SILENT, "Only demonstrators were arrested.", "Demonstrators were arrested."),
    (DIFFERS, "Only students marched in Yangon.", "Students, workers and monks marched in Yangon."),
    (
        DIFFERS,
        "The council decided unanimously to extend the emergency.",
        "A majority of the council decided to extend the emergency.",
    ),
    (DIFFERS, "Both leaders were in exile.", "Only one of the two leaders was in exile."),
    (SILENT, "Some soldiers deserted.", "All soldiers get a uniform."),
    (AGREES, "Every source blames the army.", "All of these sources blame the army."),
    (SILENT, "All armed groups accepted the ceasefire.", "Armed groups accepted the ceasefire."),
)
NAMES: tuple[Case, ...] = (
    (DIFFERS, "Hun Manet travelled to Myanmar on 7 January 2022.", VISIT),
    (DIFFERS, "General Soe Win met Sergei Shoigu in Moscow.", MEETING),
    (DIFFERS, "Kofi Annan heads the United Nations.", "Antonio Guterres, who heads the United Nations, spoke."),
    (DIFFERS, "Trump called Cruz.", "Cruz called Trump."),
    (AGREES, "Senior General Min Aung Hlaing met Shoigu.", MEETING),
    (AGREES, "The Assistance Association of Political Prisoners counts the dead.", CRACKDOWN),
    (AGREES, "The U.N. condemned the coup.", "The United Nations condemned the coup."),
    (DIFFERS, "Guterres said that civilians were used as shields.", "Bachelet said that civilians were used as shields."),
    (AGREES, "Sergey Shoygu met the general.", "Sergei Shoigu met the general."),
    (SILENT, "Prak Sokhonn warned of a civil war.", "Armed groups had formed in many places."),
)
PLACES: tuple[Case, ...] = (
    (DIFFERS, "The leaders met in Bangkok in April 2021.", SUMMIT),
    (AGREES, "The leaders met in Indonesia in April 2021.", SUMMIT),
    (DIFFERS, "Hun Sen travelled to Laos in January 2022.", VISIT),
    (DIFFERS, "He flew from Cambodia to Myanmar.", "He flew from Myanmar to Cambodia."),
    (AGREES, "Burma's army took power.", "The army of Myanmar took power."),
    (DIFFERS, "Clashes were reported from the east of Myanmar.", "Clashes were reported from the west of Myanmar."),
    (DIFFERS, "The army bombed villages in Kayah State.", "The army bombed villages in Chin State."),
    (SILENT, "Vietnam backed the junta.", "The junta held talks with two envoys."),
)
ALL = dict(zip(KINDS, (NUMBERS, DATES, NEGATIONS, QUANTIFIERS, NAMES, PLACES), strict=True))


@pytest.mark.parametrize(
    ("kind", "expected", "claim", "passage"),
    [(kind, *case) for kind, cases in ALL.items() for case in cases],
    ids=lambda value: value[:48] if isinstance(value, str) else None,
)
def test_a_passage_beside_a_claim(kind: str, expected: str, claim: str, passage: str) -> None:
    assert relation(claim, passage, kind) == expected


@pytest.mark.parametrize(
    ("expected", "claim", "passage", "dates"),
    [
        (AGREES, "The vote took place yesterday.", "The vote took place on 14 June 2021.", {"claim_date": day("2021-06-15")}),
        (DIFFERS, "The vote took place yesterday.", "The vote took place on 14 June 2021.", {"claim_date": day("2021-06-18")}),
        (AGREES, "The coup came in February 2021.", "The coup came in February this year.", {"source_date": day("2021-07")}),
        (DIFFERS, "The law passed in June 2019.", "The law passed last June.", {"source_date": day("2021-03-05")}),
        (None, "The vote took place yesterday.", "The vote took place on 14 June 2021.", {}),
    ],
    ids=["yesterday", "another day", "this year", "last June", "the day of the text is unknown"],
)
def test_a_relative_date_is_counted_from_the_day_of_its_text(
    expected: str | None, claim: str, passage: str, dates: dict[str, PartialDate]
) -> None:
    assert relation(claim, passage, "date", dates) == expected


def test_figures_counted_to_different_days_are_no_difference() -> None:
    found = look("883 people had been killed by 29 June 2021.", "By 7 January 2022 more than 1,400 people had been killed.")

    assert {finding.kind: finding.relation for finding in found} == {"number": OTHER_DAYS, "date": OTHER_DAYS}
    assert stands(found) == "silent"
    assert [finding.detail for finding in found if finding.kind == "number"] == [
        "883 for 29 June 2021 in the claim, more than 1,400 for 7 January 2022 here"
    ]


@pytest.mark.parametrize(
    "passage",
    [
        "Activists had asked Hun Sen not to go to Myanmar.",
        "Hun Sen is not only strong; he went to Myanmar.",
        "If Hun Sen does not go to Myanmar, nothing changes.",
        "No doubt Hun Sen will go to Myanmar.",
        "Deputies asked whether Hun Sen would not go to Myanmar.",
    ],
)
def test_a_request_a_condition_and_a_set_phrase_deny_nothing(passage: str) -> None:
    assert relation("Hun Sen will go to Myanmar.", passage, "negation") != DIFFERS


def test_a_finding_speaks_in_the_reviewers_words_and_points_at_both_texts() -> None:
    claim, passage = "There were 63 abstentions.", "The vote was 119 in favour, with 36 abstentions."

    (found,) = look(claim, passage)

    assert (found.kind, found.relation, found.detail) == ("number", "differs", "63 in the claim, 36 here")
    assert found.claim_span is not None
    assert found.passage_span is not None
    assert claim[found.claim_span.start : found.claim_span.end] == "63"
    assert passage[found.passage_span.start : found.passage_span.end] == "36"


def test_the_lens_never_says_what_only_a_person_may_say() -> None:
    details = [finding.detail for cases in ALL.values() for _, claim, passage in cases for finding in look(claim, passage)]

    assert not [detail for detail in details if any(word in detail for word in ("support", "refute", "contradict"))]


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Prices did not fall in Yangon.", "Prices rose in Yangon."),
        ("Prices rose in Yangon.", "Rents in Mandalay fell, but prices rose in Yangon."),
        ("The party won in 2015.", "After it won in 2015, the party lost many of its supporters."),
        ("Support for the army rose in 2019.", "Support for the army fell in 2021."),
        ("Exports to Russia rose.", "Imports from Russia fell."),
        ("The minister will not resign.", "Deputies asked the minister whether he would resign."),
    ],
)
def test_opposite_words_of_different_things_or_times_are_no_difference(claim: str, passage: str) -> None:
    assert relation(claim, passage, "negation") != DIFFERS


@pytest.mark.parametrize(
    ("relations", "group"),
    [
        ((), "silent"),
        ((SILENT, OTHER_DAYS), "silent"),
        ((AGREES, SILENT, OTHER_DAYS), "agrees"),
        ((AGREES, DIFFERS, SILENT), "differs"),
    ],
)
def test_only_a_difference_puts_a_hit_among_the_differing_ones(relations: tuple[Relation, ...], group: str) -> None:
    place = Span(start=0, end=1)

    assert stands(Finding(kind="number", relation=one, claim_span=place) for one in relations) == group


def test_a_day_named_by_an_event_and_one_of_the_calendar_are_different_dates() -> None:
    found = look("Two months after the coup the toll stood at 557 dead.", "By 29 June 2021 the toll stood at 883 dead.")

    assert {finding.relation for finding in found if finding.kind == "number"} == {OTHER_DAYS}
    assert all(finding.passage_span for finding in found if finding.relation == OTHER_DAYS)


@pytest.mark.parametrize(
    ("passage", "language"),
    [
        ("Le film dure 46 minutes et 300 organisations y figurent.", "fr"),
        ("La película dura 46 minutos.", "es"),
        ("影片长46分钟。", "zh"),
        ("ရုပ်ရှင်သည် ၄၆ မိနစ် ကြာသည်။", "my"),
        ("ភាពយន្តមានរយៈពេល ៤៦ នាទី។", "km"),
    ],
)
def test_a_figure_of_something_else_in_another_language_is_silence(passage: str, language: str) -> None:
    found = look("Security forces killed 883 people by 29 June 2021.", passage, language=language)

    assert {finding.relation for finding in found} == {SILENT}


@pytest.mark.parametrize(
    ("kind", "claim", "passage"),
    [
        (
            "date",
            "ASEAN shut the general out of its summit in October 2021.",
            "Before ASEAN met in April 2021, many were angry that the general was invited.",
        ),
        ("date", "The group published its report on 28 June.", "The group's report looks back at the coup of 1 February."),
        ("number", "Five newsrooms helped the plotters.", "The Daily and three other newsrooms helped the plotters."),
        (
            "date",
            "883 people were killed in Myanmar between 1 February and 29 June 2021.",
            "# A visit to Myanmar in January 2022\n\nHun Sen landed on a Friday.",
        ),
        (
            "name",
            "President Trump has stopped all interference of the United States in other countries.",
            "The Assembly demands that those who were locked up be set free at once. It names President Win Myint and State "
            "Counsellor Aung San Suu Kyi, and also thinks of officials, politicians, journalists and foreign advisers.",
        ),
        ("place", "Crisis Group has its seat in Brussels.", "Amnesty International has its seat in London."),
        ("name", "Foreign minister Prak Sokhonn flew to Yangon.", "Prime minister Hun Manet flew to Yangon."),
        (
            "negation",
            "The army showed no proof of fraud.",
            "The army speaks of fraud, but there is no proof for the allegation.",
        ),
        ("negation", "She won a prize for a novel.", "Her novel won the prize for science fiction."),
        ("negation", "Shops opened in the capital.", "Almost no shop in the suburbs opened."),
    ],
)
def test_another_event_another_part_and_another_office_are_no_difference(kind: str, claim: str, passage: str) -> None:
    assert relation(claim, passage, kind) != DIFFERS


@pytest.mark.parametrize(
    ("kind", "claim", "passage"),
    [
        (
            "date",
            "About 30 people were burned on Christmas Eve 2021.",
            "Nobody knows who gave the order. On 4 December 2021 the bodies of some thirty people were set alight.",
        ),
        (
            "name",
            "Wang Yi greeted the general as an old friend.",
            "The general came with his wife. The Chinese foreign minister Qin Gang welcomed him as an old friend.",
        ),
        (
            "place",
            "Laos was the destination of the minister's trip.",
            "In May the minister travelled to Vietnam, where talks were planned.",
        ),
        ("quantifier", "Only France is blamed for the failure.", "But Germany is also blamed for the failure."),
        ("quantifier", "All the deputies were released.", "The deputies were held in a hostel. Some of them were released."),
        ("number", "36 states abstained in the vote.", "In the vote 119 were in favour. A further 63 chose to abstain."),
    ],
)
def test_a_difference_is_seen_where_the_two_texts_use_other_words(kind: str, claim: str, passage: str) -> None:
    assert relation(claim, passage, kind) == DIFFERS


def test_a_count_without_a_day_is_for_the_day_told_before_it() -> None:
    found = look(
        "By 29 June 2021 some 883 civilians had been killed.",
        "The guest landed on 7 January 2022. More than 1,400 civilians had been killed since the coup.",
    )

    assert {finding.relation for finding in found if finding.kind == "number"} == {OTHER_DAYS}


@pytest.mark.parametrize(
    ("claim", "passage", "dates"),
    [
        ("114 civilians were killed in Myanmar on 27 March 2021.", CRACKDOWN, {}),
        ("883 people were killed between 1 February and 29 June 2021.", "On 27 March 2021 114 civilians were killed.", {}),
        ("More than 1,400 civilians were killed after the coup.", CRACKDOWN, {"claim_date": day("2022-01-07")}),
    ],
    ids=["a day beside a span", "a span beside a day", "the day of the text beside a span"],
)
def test_a_count_of_one_day_and_one_of_a_span_are_for_different_days(
    claim: str, passage: str, dates: dict[str, PartialDate]
) -> None:
    found = look(claim, passage, claim_date=dates.get("claim_date"))

    assert {finding.relation for finding in found if finding.kind == "number"} == {OTHER_DAYS}
    assert stands(found) != DIFFERS


def test_a_count_up_to_the_last_day_of_a_span_and_one_without_any_day_differ() -> None:
    assert relation("1,400 people had been killed by 29 June 2021.", CRACKDOWN, "number") == DIFFERS
    assert relation("More than 1,400 civilians were killed after the coup.", CRACKDOWN, "number") == DIFFERS


@pytest.mark.parametrize("asked", ["was a ballot lost", "Was any ballot lost?", "how many ballots were lost"])
def test_a_question_states_nothing_that_could_be_denied(asked: str) -> None:
    assert "differs" not in {finding.relation for finding in look(asked, "The minister said that no ballot was lost.")}


def test_a_claim_that_begins_like_a_question_is_still_one() -> None:
    assert relation("Will Smith lost a ballot in Bago.", "Will Smith lost no ballot in Bago.", "negation") == DIFFERS
