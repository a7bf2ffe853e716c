"""Files of made-up news, so that every passage can be told from every other."""

from __future__ import annotations

import random
from pathlib import Path

NAMES = ("Aung", "Thiri", "Kyaw", "Moe", "Sothea", "Dara", "Lin", "Naw", "Sai", "Hla")
PLACES = ("Mandalay", "Sagaing", "Magway", "Hpakant", "Phnom Penh", "Battambang", "Lashio", "Mawlamyine")
ACTS = ("counted the ballots", "denied the order", "signed the statement", "left the commission", "met the envoy")


def write_files(folder: Path, count: int, *, paragraphs: int = 6, seed: int = 11) -> int:
    """Write so many text files into a folder; how many paragraphs of some 65 words, each a passage, they have."""
    draw = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        said = [" ".join(_sentence(draw, number, part) for _ in range(5)) for part in range(paragraphs)]
        (folder / f"news-{number:05}.txt").write_text("\n\n".join(said) + "\n", encoding="utf-8")
    return count * paragraphs


def _sentence(draw: random.Random, number: int, part: int) -> str:
    who, where, act = draw.choice(NAMES), draw.choice(PLACES), draw.choice(ACTS)
    return f"On day {draw.randint(1, 900)} {who} of {where} {act} under file {number}-{part}-{draw.randint(1, 9999)}."
