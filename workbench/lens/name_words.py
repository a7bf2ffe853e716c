"""The words that names are known by: offices, bodies, initials and what they stand for, endings that no name has.

What lives here: tables. They add to those the quotations rest on (quotes/words.py).
"""

from __future__ import annotations

from workbench.lens.words import plain, root
from workbench.quotes.words import BODIES, TITLES, word_set

ROLES = frozenset(plain(title).rstrip(".") for title in TITLES) - frozenset({"no", "hon", "st"}) | word_set(
    "head chief leader spokesman spokeswoman spokesperson minister envoy chair founder owner winner author wife "
    "husband son daughter "
    "brother sister father mother coach captain singer actor actress inventor successor predecessor candidate lawmaker lawyer "
    "activist researcher scientist analyst expert monk priest premier chancellor king queen emperor"
)
ROLE_ROOTS = {root(role): role for role in ROLES}
TITLE_ONLY = frozenset(
    root(word)
    for word in [
        "mr",
        "mrs",
        "ms",
        "dr",
        "former",
        "late",
        "then",
        "prof",
        "hon",
        "rev",
        "sir",
        "lord",
        "lady",
        "republican",
        "democratic",
    ]
)
PORTFOLIOS = word_set(
    "prime foreign defence defense interior finance justice health education information deputy vice labour trade"
)
PLACE_SUFFIX = word_set("state region province district township county city river island islands lake valley bay prefecture")
IN_PLACE = word_set("in at near from to into across inside outside around throughout off")
KNOWN_SHORT = {
    "asean": "association of southeast asian nations", "who": "world health organization",
    "nato": "north atlantic treaty organization",
    "eu": "european union", "un": "united nations", "onu": "united nations", "imf": "international monetary fund",
    "nasa": "national aeronautics and space administration", "icj": "international court of justice",
    "epa": "environmental protection agency",
    "icc": "international criminal court", "unhcr": "united nations high commissioner for refugees",
    "ipcc": "intergovernmental panel on climate change",
    "noaa": "national oceanic and atmospheric administration", "fbi": "federal bureau of investigation",
    "cia": "central intelligence agency",
    "unicef": "united nations children's fund", "cdc": "centers for disease control", "voa": "voice of america",
    "rfa": "radio free asia",
    "nld": "national league for democracy", "cnrp": "cambodia national rescue party", "cpp": "cambodian people's party",
}  # fmt: skip
PLACE_SHORT = word_set("us usa uk uae prc drc ussr dprk")
HONOURS = word_set("dame sir lord lady saint the")
SPELLED_OUT = {
    "us": ("united", "states"),
    "uk": ("united", "kingdom"),
    "un": ("united", "nations"),
    "eu": ("european", "union"),
}


ADJECTIVAL = ("ed", "ic", "ical", "istic", "al", "ous", "ive")
COMMON_ENDINGS = (
    "s",
    "ing",
    "ed",
    "ly",
    "al",
    "ic",
    "tion",
    "ment",
    "ness",
    "ity",
    "ive",
    "ous",
    "ism",
    "ance",
    "ence",
    "able",
    "ful",
    "less",
)
AFTER_NAME = word_set("is was has had will would did does also then could may might himself herself")
BODY_WORDS = frozenset(plain(word).rstrip(".") for word in BODIES) - word_set(
    "house church york washington myanmar russia russian china white moscow american america street city county "
    "national united states"
) | word_set(
    "ministry parliament junta police force forces front movement coalition forum authority tribunal senate congress "
    "cabinet league "
    "airlines airways club team orchestra studios pictures records magazine tribune gazette herald guardian reuters "
    "museum hospital"
)
