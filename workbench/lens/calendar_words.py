"""The words dates are written with: months in five languages, weekdays, days with a name, and the words before a date.

What lives here: tables. Accents and letter case are dropped from Latin words before they are looked up.
"""

from __future__ import annotations

from workbench.lens.units import ORDINALS
from workbench.quotes.words import word_set

_MONTH_ROWS = {
    "en": "january,jan february,feb march,mar april,apr may june,jun july,jul august,aug september,sept,sep "
    "october,oct november,nov "
    "december,dec",
    "fr": "janvier,janv fevrier,fevr mars avril,avr mai juin juillet,juil aout septembre octobre novembre decembre",
    "es": "enero,ene febrero marzo abril,abr mayo junio julio agosto,ago septiembre,setiembre octubre noviembre diciembre,dic",
    "my": "ဇန်နဝါရီ ဖေဖော်ဝါရီ မတ် ဧပြီ မေ ဇွန် ဇူလိုင် ဩဂုတ်,သြဂုတ် စက်တင်ဘာ အောက်တိုဘာ နိုဝင်ဘာ ဒီဇင်ဘာ",
    "km": "មករា កុម្ភៈ,កុម្ភះ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ",
}
MONTHS: dict[str, dict[str, int]] = {
    language: {name: number for number, names in enumerate(row.split(), start=1) for name in names.split(",")}
    for language, row in _MONTH_ROWS.items()
}
WEEKDAYS = {
    name: number
    for row in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lunes martes miercoles jueves viernes sabado domingo",
    )
    for number, name in enumerate(row.split())
}
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}  # only compared where both name one
NAMED_DAYS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25), "new year's eve": (12, 31),
    "new year's day": (1, 1), "may day": (5, 1),
}  # fmt: skip
# Only after one of these, or beside a day or a year, is "May", "March" or a bare number of four digits a date.
BEFORE_DATE = word_set(
    "in since until till by from to of on during before after through late early mid last next this between and year "
    "november-december en depuis desde hasta despues antes apres avant annee ano de le el"
)
EARLIER = word_set("before by prior")
LATER = word_set("after following")
SMALL = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
CENTURIES = ORDINALS | {"twenty-first": 21}
