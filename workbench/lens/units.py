"""What figures are counted in: units with their size in one base unit, currencies, magnitudes and number words.

What lives here: tables. Conversions are exact Decimals (international yard and pound, 1959); a ton is read as a tonne, because
a text seldom says which and the two lie within the tolerance that a converted figure is given anyway.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from workbench.quotes.words import word_set


class Unit(NamedTuple):
    """A unit. dimension: what it measures; two figures are only comparable in the same one. size: in the base unit."""

    name: str
    dimension: str
    size: Decimal = Decimal(1)


_MEASURES = """
km|length|1000|km kms kilometre kilometres kilometer kilometers kilometro kilometros 公里 千米 គីឡូម៉ែត្រ ကီလိုမီတာ
m|length|1|metre metres meter meters m metro metros 米
cm|length|0.01|cm centimetre centimetres centimeter centimeters
mm|length|0.001|mm millimetre millimetres millimeter millimeters
mile|length|1609.344|mile miles mi milla millas
foot|length|0.3048|foot feet ft
inch|length|0.0254|inch inches
yard|length|0.9144|yard yards
t|mass|1000|tonne tonnes ton tons 吨
kg|mass|1|kg kgs kilogram kilograms kilo kilos kilogramme kilogrammes 公斤
g|mass|0.001|gram grams g gramme grammes gramo gramos
mg|mass|0.000001|mg milligram milligrams
lb|mass|0.45359237|lb lbs
oz|mass|0.028349523125|oz ounce ounces
ha|area|10000|hectare hectares ha hectarea hectareas
acre|area|4046.8564224|acre acres
l|volume|1|litre litres liter liters litro litros
gallon|volume|3.785411784|gallon gallons
barrel|volume|158.987294928|barrel barrels
second|duration|1|second seconds sec secs
minute|duration|60|minute minutes min mins minuto minutos 分钟
hour|duration|3600|hour hours hr hrs heure heures hora horas 小时
day|duration|86400|day days jour jours dia dias 天
week|duration|604800|week weeks semaine semaines semana semanas
month|duration|2629746|month months mois mes meses 个月
year|duration|31556952|year years yr yrs an ans annee annees ano anos
decade|duration|315569520|decade decades
century|duration|3155695200|century centuries
mph|speed|1609.344|mph
km/h|speed|1000|kph kmh
W|power|1|watt watts
kW|power|1000|kw kilowatt kilowatts
MW|power|1000000|mw megawatt megawatts
GW|power|1000000000|gw gigawatt gigawatts
MB|data|1|mb megabyte megabytes
GB|data|1000|gb gigabyte gigabytes
TB|data|1000000|tb terabyte terabytes
ppm|concentration|1|ppm
"""
_CURRENCIES = """
USD|$ us$ usd dollar dollars dolar dolares 美元
EUR|€ eur euro euros 欧元
GBP|£ gbp sterling quid pound pounds 英镑
JPY|¥ jpy yen 日元
CNY|cny rmb yuan renminbi 人民币
INR|₹ inr rupee rupees
RUB|₽ rub rouble roubles ruble rubles
MMK|mmk kyat kyats ကျပ်
KHR|៛ khr riel riels រៀល
THB|฿ thb baht
KRW|krw won
CHF|chf franc francs
"""
PERCENT = Unit("%", "share")
POINTS = Unit("percentage points", "points")
TIMES = Unit("times", "times")
CELSIUS, FAHRENHEIT = Unit("°C", "temperature"), Unit("°F", "temperature", Decimal(5) / Decimal(9))
AGE = Unit("years old", "age")
NOTHING = Unit("", "count")


def _units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for row in _MEASURES.strip().splitlines():
        name, dimension, size, words = row.split("|")
        units.update(dict.fromkeys(words.split(), Unit(name, dimension, Decimal(size))))
    for row in _CURRENCIES.strip().splitlines():
        name, words = row.split("|")
        units.update(dict.fromkeys(words.split(), Unit(name, "money")))
    units.update(dict.fromkeys(("%", "percent", "pct", "ភាគរយ", "ရာခိုင်နှုန်း"), PERCENT))
    units.update(dict.fromkeys(("times", "fold"), TIMES))
    return units


UNITS = _units()  # by the word in lower case
CODES = word_set("usd eur gbp jpy cny rmb inr rub mmk khr thb krw chf us$")  # stand before the figure too
SIGNS = frozenset("$€£¥₹₽៛฿")  # stand before the figure
POUND_OF_WEIGHT = word_set("weigh heavy weight body lift lost mass")  # "pounds" beside one of these are no money

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_FRENCH = "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
_SPANISH = "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
_SPANISH_TENS = "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"
SMALL_WORDS: dict[str, dict[str, int]] = {
    "en": {name: value for value, name in enumerate(_ONES.split())},
    "fr": {name: value for value, name in enumerate(_FRENCH.split(), start=2)}
    | {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60},
    "es": {name: value for value, name in enumerate(_SPANISH.split(), start=2)}
    | {name: value for value, name in zip(range(20, 100, 10), _SPANISH_TENS.split(), strict=True)}
    | {"doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600},
}
TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
) | {"fourty": 40}
MAGNITUDES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12, "mn": 10**6,
    "bn": 10**9,
    "tn": 10**12, "lakh": 10**5, "crore": 10**7, "cent": 100, "cents": 100, "mille": 1000, "millions": 10**6, "milliard": 10**9,
    "milliards": 10**9, "cien": 100, "ciento": 100, "cientos": 100, "mil": 1000, "millon": 10**6, "millones": 10**6,
}  # fmt: skip
ADJACENT = {"k": 1000, "m": 10**6, "b": 10**9, "bn": 10**9, "mn": 10**6, "tn": 10**12}  # £5bn, 300k
ONLY_IN = {
    "cent": "fr",
    "cents": "fr",
    "mille": "fr",
    "milliard": "fr",
    "milliards": "fr",
    "cien": "es",
    "ciento": "es",
    "mil": "es",
}
VAGUE = {"dozens": 12, "hundreds": 100, "thousands": 1000, "millions": 10**6, "billions": 10**9, "trillions": 10**12}
ORDINALS = dict(
    zip(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        range(1, 21),
        strict=True,
    )
)
SHARES = {"half": Decimal(50), "third": Decimal(100) / 3, "quarter": Decimal(25), "fifth": Decimal(20), "tenth": Decimal(10)}
MULTIPLES: dict[str, int | Decimal] = {"twice": 2, "thrice": 3, "twofold": 2, "threefold": 3, "tenfold": 10,
             "doubled": 2, "tripled": 3, "trebled": 3, "quadrupled": 4, "halved": Decimal("0.5")}  # fmt: skip
