"""The datasheet of a data set (Gebru et al. 2021): what is known of it, and what is not, in words.

What lives here: a manifest in, Markdown out. What does not: the counts (judged.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.exports.markdown import escape

_FORMS = {
    "averitec": "claims with labels, questions and answers, in the fields of AVeriTeC",
    "fever": "claims with labels of three and evidence sets of sentences, in the fields of FEVER",
    "beir": "a corpus, queries and graded judgements of relevance, as BEIR lays them out",
}
_COLLECTED = """A person read passages of the newsroom's own files beside each claim and rated it; a program found and
ranked the passages. Labels come from people only. Each record names the guidelines, scale and policy then in force by their
sha256, and its reviewer by a pseudonym that is the same in every data set of this workspace. Working rationales, notes and
names are not in it."""
_GRADES = """

A passage in `qrels.tsv` was cited (2: it supports or refutes the claim, 1: context) or marked not relevant (0). One in
`shown.tsv` was shown to somebody who judged the claim, who said nothing of it. One in neither was never shown: it is not
judged, and is not known to be irrelevant."""
_SETS = """

A set of `evidence` holds the sentences a reviewer said count only together; a citation in no group is a set of its own.
`no-class.jsonl` holds what FEVER has no class for."""
_NO_TEXT = """

Words of sources are left out: each stands as the sha256 of its file and of the text read from it, and as offsets
in code points. `workbench hydrate FOLDER -o NEW` puts them back where the files are at hand."""
_TERMS = """Words of sources remain their publishers'. Claims are about people: do not use this to rate a person, and do not
read a missing claim as a true one. A newsroom chooses what it checks; the claims are no sample of what is said."""
_TOGETHER = "Claims that a person called the same, and claims in the same words, are in one split."
_ALSO = {"claimant": " So are all claims of one claimant.", "time": " Older claims train, newer ones test."}


def datasheet_of(manifest: Mapping[str, Any]) -> str:
    """The sheet, from the manifest alone: the same manifest gives the same words."""
    told = manifest
    head = f"{told['ledger']['seq']} (sha256 {told['ledger']['hash']})"
    sections = {
        "What is in it": _listed(told["counts"]),
        "How it came to be": _COLLECTED + {"beir": _GRADES, "fever": _SETS}.get(told["form"], ""),
        "What is not in it": _listed(told["left_out"]) + (_NO_TEXT if told["text"] != "full" else ""),
        "What nobody recorded": f"Fields that are null, and how often; nothing was filled in.\n\n{_listed(told['null'])}",
        "What the labels lose": f"Ratings whose counterpart says less, and how often.\n\n{_listed(told['loses'])}",
        "Splits": _split(told["split"]),
        "Uses and terms": f"Licence: {escape(told['licence'] or 'not recorded')}.\n\n{_TERMS}",
    }
    first = f"# Data set: {escape(told['name'])}\n\nThese are {_FORMS[told['form']]}. Written by {escape(told['software'])} "
    body = "".join(f"\n\n## {title}\n\n{words}" for title, words in sections.items())
    return f"{first}from the records up to event {head}.{body}\n"


def _listed(counted: Mapping[str, int]) -> str:
    return "\n".join(f"- {escape(name)}: {number:,}" for name, number in counted.items()) or "- nothing"


def _split(split: Mapping[str, Any]) -> str:
    if split["by"] is None:
        return f"None was drawn. `group` names the claims that must not be parted. {_TOGETHER}"
    drawn = f"By {split['by']}, seed {split['seed']}. {_TOGETHER}{_ALSO.get(split['by'], '')}"
    return f"{drawn}\n\n{_listed(split['claims'])}"
