"""How a case file is laid out: the names of its files, and what is too much to be one.

report.html        the report, for readers
README.txt         what this is, and how to check it
case.json          the claim and the verdict as the events give them, with what was left out said
claimreview.json   schema.org ClaimReview
excerpts.txt       the cited words, each with its place
events.jsonl       one event a line: what its hash covers, the hash, and the words that are given with it
originals/<sha256>.<suffix>    the cited files
manifest.json      every other file with its sha256, and the head of the chain
manifest.sha256    the sha256 of manifest.json, as sha256sum writes it
"""

from __future__ import annotations

import re

FORMAT, VERSION = "workbench-case-file", 1
MANIFEST, MANIFEST_SHA256 = "manifest.json", "manifest.sha256"
REPORT, README, CASE, CLAIMREVIEW, EXCERPTS, EVENTS = (
    *("report.html", "README.txt", "case.json", "claimreview.json", "excerpts.txt", "events.jsonl"),
)
OWN = (REPORT, README, CASE, CLAIMREVIEW, EXCERPTS, EVENTS)  # what every case file holds, beside the two of the manifest
ORIGINAL = re.compile(r"originals/([0-9a-f]{64})(\.[a-z0-9]{1,10})")

MOST_BYTES = 4_000_000_000  # of all files together: more is no case of one claim, but a disk filled by an archive
MOST_FILES = 10_000
MOST_WORDS = 32_000_000  # bytes of a file that is read whole: as JSON it may take twenty times as much memory


def is_known(name: str) -> bool:
    """Whether a case file may hold a file of that name: nothing else is ever opened."""
    return name in OWN or name in (MANIFEST, MANIFEST_SHA256) or ORIGINAL.fullmatch(name) is not None
