"""The people, bodies and places of a text, each with the role it plays in its sentence.

What lives here: telling names apart and telling when two of them are one. Nothing is known of any person beforehand; a surname
is taken for the fuller name that ends in it, initials for the words they are the first letters of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from workbench.lens.concepts import ANYBODY, SOMEBODY
from workbench.lens.gazetteer import LONGEST_NAME, place_of
from workbench.lens.matter import NO_MATTER, Matter, matter_of
from workbench.lens.name_words import (
    ADJECTIVAL,
    AFTER_NAME,
    BODY_WORDS,
    COMMON_ENDINGS,
    HONOURS,
    IN_PLACE,
    KNOWN_SHORT,
    PLACE_SHORT,
    PLACE_SUFFIX,
    PORTFOLIOS,
    ROLE_ROOTS,
    ROLES,
    SPELLED_OUT,
    TITLE_ONLY,
)
from workbench.lens.words import Text, known_word, root, stem
from workbench.matching import STOP_WORDS
from workbench.quotes.names import Name, find_names
from workbench.quotes.words import word_set

MOST_NAMES = 80
_SPEAKING = frozenset(
    map(root, ["say", "call", "warn", "demand", "urge", "condemn", "claim", "promise", "thank", "praise", "accuse"])
)
_PEOPLE = frozenset(map(stem, SOMEBODY | ANYBODY | ROLES))  # "Officials said" names nobody, "Guterres said" does
Sort = Literal["person", "body", "place", "unknown"]


@dataclass(frozen=True)
class Entity:
    """A name in a text. words: plain and lower case, without titles; place: the place it stands for.

    before, after: the words it stands between (roots, or small words as they are); governor: the root before it, "base" in
    "based in"; roles: what it is called (minister, spokesman).
    """

    start: int
    end: int
    words: tuple[str, ...]
    sort: Sort
    place: str = ""
    before: str = ""
    governor: str = ""
    after: str = ""
    roles: frozenset[str] = frozenset()
    company: dict[str, float] = field(default_factory=dict, hash=False)
    first: int = 0
    last: int = 0
    opens: bool = False
    sentence: int = 0
    matter: Matter = field(default=NO_MATTER, hash=False)

    @property
    def kind(self) -> Literal["name", "place"]:
        """Which kind of finding it makes."""
        return "place" if self.sort == "place" else "name"

    @property
    def spelled(self) -> str:
        """The name as a key, for comparison."""
        return " ".join(self.words)


def find_entities(text: Text, taken: Collection[int] = frozenset()) -> list[Entity]:
    """The names of a text in order, at most MOST_NAMES, each with its role. taken: numbers of words that are a date."""
    found = list(_well_known(text))
    known = {number for entity in found for number in range(entity.first, entity.last + 1)}
    lows = {word.low for word in text.words if word.kind == "word" and text.typed[word.start].islower()}
    for name in find_names(text.typed):
        if len(found) >= MOST_NAMES:
            break
        for one in _split_places(text, name):
            entity = _entity(text, name, one)
            if entity.first not in taken and entity.first not in known and not _is_no_name(text, entity, lows):
                found.append(entity)
    found.sort(key=lambda entity: entity.start)
    inside = frozenset(number for entity in found for number in range(entity.first, entity.last + 1))
    return [_placed(text, entity, inside) for entity in found]


def with_matter(text: Text, entities: Sequence[Entity], named: Mapping[int, int], taken: frozenset[int]) -> list[Entity]:
    """The names with what is said around each. named: how many words each named word's name has; taken: figures and dates."""
    return [replace(one, matter=matter_of(text, one.first, one.last, leave_out=taken, named=named)) for one in entities]


def _well_known(text: Text) -> Iterator[Entity]:
    """The long names of the table, which hold small words that would cut them: Voice of America."""
    low = text.typed.lower()
    for long in KNOWN_SHORT.values():
        at = low.find(long)
        if at >= 0 and text.typed[at].isupper():
            first, last = text.covering(at, at + len(long))
            words = tuple(word.low for word in text.words[first : last + 1] if word.kind != "mark")
            yield Entity(at, at + len(long), words, "body", first=first, last=last, opens=at == 0)


def _is_no_name(text: Text, entity: Entity, lows: set[str]) -> bool:
    """Whether capital words name nobody: a formula, an adjective, an office, a word that only opens the sentence."""
    if any(word.kind == "code" for word in text.words[entity.first : entity.last + 1]):
        return True
    if len(entity.words) != 1:
        return False
    low = entity.words[0]
    if low in ROLES or len(low) < 2 or (low in STOP_WORDS and entity.sort != "place" and low not in KNOWN_SHORT):
        return True
    if entity.sort == "body" and len(low) == 2 and low not in KNOWN_SHORT:
        return True
    if entity.sort == "unknown" and low.endswith(ADJECTIVAL):
        return True
    if not entity.opens or entity.sort != "unknown":
        return False
    follower = text.words[entity.last + 1] if entity.last + 1 < len(text.words) else None
    if low in lows or known_word(low) or low.endswith(COMMON_ENDINGS[1:]):
        return True
    if low.endswith("s") and not (follower and follower.root in _SPEAKING and stem(low) not in _PEOPLE):
        return True
    acts = follower is not None and (follower.low in AFTER_NAME or follower.low.endswith("ed") or follower.kind == "owner")
    return not acts and not (follower is not None and follower.stem != follower.low and not follower.low.endswith("s"))


def _split_places(text: Text, name: Name) -> Iterator[tuple[int, int]]:
    """The name, with a place at its head cut off: "Burmese" in "Burmese General Min Aung Hlaing", "U.N." kept whole."""
    first, last = text.covering(name.run_start, name.end)
    start_word, _ = text.covering(name.start, name.end)
    cut = first
    for length in range(min(LONGEST_NAME, start_word - first), 0, -1):
        stretch = text.words[first : first + length]
        if place_of(" ".join(word.low for word in stretch)):
            yield stretch[0].start, stretch[-1].end
            cut = first + length
            break
    numbers = [number for number in range(max(cut, start_word), last + 1) if text.words[number].kind not in ("owner", "mark")]
    for length in range(min(LONGEST_NAME, len(numbers) - 1), 0, -1):
        opening = [text.words[number] for number in numbers[:length]]
        rest = [text.words[number].low for number in numbers[length:]]
        whole = " ".join(text.words[number].low for number in numbers)
        if PLACE_SUFFIX.issuperset(rest):
            break  # Kayah State is one place
        if place_of(" ".join(word.low for word in opening)) and not place_of(whole) and not _is_body([*rest, opening[0].low]):
            yield opening[0].start, opening[-1].end
            numbers = numbers[length:]
            break
    if numbers:
        yield text.words[numbers[0]].start, text.words[numbers[-1]].end


def _is_body(words: Sequence[str]) -> bool:
    return any(word in BODY_WORDS for word in words)


def _entity(text: Text, name: Name, place: tuple[int, int]) -> Entity:
    first, last = text.covering(*place)
    words = tuple(word.low for word in text.words[first : last + 1] if word.kind not in ("mark", "owner"))
    words = words[1:] if len(words) > 1 and words[0] in HONOURS else words
    words = tuple(full for word in words for full in (SPELLED_OUT.get(word, (word,)) if len(words) > 1 else (word,)))
    start, end = place
    if len(words) > 1 and words[-1] in PLACE_SUFFIX and words[0] != "islamic":
        where = place_of(" ".join(words)) or place_of(" ".join(words[:-1])) or " ".join(words[:-1])
    else:
        where = place_of(" ".join(words)) or ""
    short = len(words) == 1 and text.typed[start:end].replace(".", "").isupper() and 2 <= len(words[0]) <= 8
    sort: Sort = "unknown"
    if where and not (short and words[0] not in PLACE_SHORT):
        sort = "place"
    elif short or _is_body(words):
        sort = "body"
    elif len(words) >= 2 or name.run_start < name.start:
        sort = "person"
    opens = first == 0 or text.words[first - 1].sentence != text.words[first].sentence or text.words[first - 1].low in '"“(:'
    titles = range(text.at(name.run_start), first)
    roles = frozenset(
        _office(text, number) for number in titles if (text.words[number].root or text.words[number].low) in ROLE_ROOTS
    )
    return Entity(start, end, words, sort, where if sort == "place" else "", roles=roles, first=first, last=last, opens=opens)


def _placed(text: Text, entity: Entity, inside: frozenset[int]) -> Entity:
    (before, governor), after, nearest = _before(text, entity, inside), _after(text, entity), _nearest(text, entity)
    sort, place = entity.sort, entity.place
    if (
        sort in ("unknown", "person")
        and nearest in IN_PLACE
        and not entity.roles
        and (sort == "unknown" or nearest in ("in", "at", "near"))
    ):
        following = text.words[entity.last + 1].low if entity.last + 1 < len(text.words) else ""
        if nearest not in ("to", "from", "at", "into", "around") and following != "'s":
            sort, place = "place", entity.spelled
    company = text.company(entity.first, entity.last)
    return replace(
        entity,
        sort=sort,
        place=place,
        before=before,
        governor=governor,
        after=after,
        company=company,
        sentence=text.words[entity.first].sentence,
        roles=(entity.roles | _roles(text, entity)) - TITLE_ONLY,
    )


def _nearest(text: Text, entity: Entity) -> str:
    at = entity.first - 1
    while at >= 0 and (
        text.words[at].low in ("the", "a", "'s") or (text.words[at].root in ROLE_ROOTS and text.words[at].low not in IN_PLACE)
    ):
        at -= 1
    return text.words[at].low if at >= 0 and text.words[at].sentence == text.words[entity.first].sentence else ""


def _before(text: Text, entity: Entity, inside: frozenset[int]) -> tuple[str, str]:
    """The last word before that is no article, title or other name: a preposition as it is, any other word as its root.

    Beside a preposition, the root of the word right before it.
    """
    for number in range(entity.first - 1, max(-1, entity.first - 6), -1):
        word = text.words[number]
        if word.sentence != text.words[entity.first].sentence or word.low in (".", ";", ":"):
            return "", ""
        if (
            number in inside
            or word.root in ROLE_ROOTS
            or word.low in ("the", "a", "an", "'s", ",", "former", "mr", "mrs", "dr")
        ):
            continue
        return word.root or word.low, "" if word.root or not number else text.words[number - 1].root
    return "", ""


def _after(text: Text, entity: Entity) -> str:
    """The next word of weight as its root, with the small word before it that says how it belongs ("of amnesty")."""
    number = entity.last + 1
    owner = "'s " if number < len(text.words) and text.words[number].kind == "owner" else ""
    joined = ""
    for word in text.words[number + bool(owner) : number + bool(owner) + 6]:
        if word.sentence != text.words[entity.last].sentence or word.low in (".", ";", ":"):
            return ""
        if word.root:
            return owner + joined + word.root
        if word.kind == "number":
            return owner + joined + "#"
        if word.low in _JOINING:
            joined = "" if word.low == "who" else word.low + " "
    return ""


_JOINING = word_set("of who in at from to on for by and whose with")


def _office(text: Text, number: int) -> str:
    """What a title says, with the word before it that tells one minister from another."""
    word = text.words[number]
    before = text.words[number - 1].low if number else ""
    return f"{before} {word.root or word.low}" if before in PORTFOLIOS else word.root or word.low


def _roles(text: Text, entity: Entity) -> frozenset[str]:
    """What the person is called right before or behind a comma: "its prime minister, Hun Sen", "Siphan, a spokesman"."""
    found = set()
    sentence = text.words[entity.first].sentence
    commas = 0
    for number in range(entity.first - 1, max(-1, entity.first - 5), -1):
        word = text.words[number]
        commas += word.low == ","
        if word.sentence != sentence or (word.kind == "mark" and word.low != ",") or commas > 1:
            break
        if word.root in ROLE_ROOTS:
            found.add(_office(text, number))
        elif word.root and commas == 0:
            break
    behind = text.words[entity.last + 1 : entity.last + 8]
    if behind and (behind[0].low == "," or behind[0].stem == "be"):
        for number, word in enumerate(behind[1:], start=entity.last + 2):
            if word.sentence != sentence or word.kind == "mark":
                break
            if word.root in ROLE_ROOTS:
                found.add(_office(text, number))
                break
    return frozenset(found)
