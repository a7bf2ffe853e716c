"""Which words of the records are those of one source: its own events, what was cited of it, what people typed of it. Pure.

What lives here: the choice. What does not: blanking (ledger/erasing.py), everything else that holds a source (workbench.purge).

Cited words are known by the source they name. Typed words are known by themselves: a sentence of the source, or RUN letters in
a row. They are left where the same verdict cites them from another source, and in the claim, whose words are its maker's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.ledger.sealing import ERASED, Words
from workbench.models import Draft, Event
from workbench.passages import sentence_spans
from workbench.protection.quoted import letters_of
from workbench.protection.telling import SHORT

LEAST = 24  # letters: a shorter sentence is anybody's
RUN = 60  # letters in a row, some eleven words
IDS = frozenset({"source_id", "text_sha256", "passage_id", "sha256", "text_hash", "hash", "policy_hash", "folded"})
KEPT = frozenset({"source-purged", "source-told-as", "words-erased", "quote-confirmed", "claim-file-taken-in"})
SEARCHES = "search-"  # how the kinds of event of kept searches begin


class Hunt:
    """What to look for. texts: of the source, as often as it was read otherwise."""

    def __init__(self, source_id: str, texts: Sequence[str]) -> None:
        self._source_id = source_id
        self._texts = [letters_of(text) for text in texts]
        self._sentences: defaultdict[str, list[str]] = defaultdict(list)
        for text in texts:
            for span in sentence_spans(text, language="en"):
                letters = letters_of(text[span.start : span.end])
                if len(letters) >= LEAST:
                    self._sentences[letters[:LEAST]].append(letters)
        self._pieces = {text[at : at + LEAST] for text in self._texts for at in range(0, len(text) - LEAST + 1, LEAST)}

    def names(self, event: Event, words: Words) -> bool:
        """Whether these words of that event are the source's."""
        if words.value is None or words.pointer.startswith("/actor/") or event.kind in KEPT:
            return False
        if event.subject_kind == "source":
            return event.subject_id == self._source_id
        if event.subject_kind != "claim":
            return event.kind.startswith(SEARCHES) and self.says(words.value)
        steps = words.pointer.split("/")[2:]
        if steps[0] == "claim" or steps[-1] in IDS:
            return False
        nodes = list(_on_the_way(event.payload, steps))
        if any(map(self._is_of_it, nodes)):
            return True
        if any(self._is_of_another(node, steps[-1]) for node in nodes):
            return False
        return self.says(words.value) and self.says(words.value, but=self._cited_elsewhere(event))

    def says(self, text: str, *, but: Sequence[str] = ()) -> bool:
        """Whether a text says words of the source; but: letters that it may have them from."""
        letters = letters_of(text) if len(text) >= LEAST else ""
        return any(not any(said in other for other in but) for said in self._said(letters))

    def _said(self, letters: str) -> Iterator[str]:
        for at in range(len(letters) - LEAST + 1):
            piece = letters[at : at + LEAST]
            yield from (one for one in self._sentences.get(piece, ()) if letters.startswith(one, at))
            if piece in self._pieces:
                runs = (letters[start : start + RUN] for start in range(max(0, at + LEAST - RUN), at + 1))
                yield from (run for run in runs if len(run) == RUN and any(run in text for text in self._texts))

    def _is_of_it(self, node: dict[str, Any]) -> bool:
        passage = node.get("passage_id")
        is_passage = isinstance(passage, str) and passage.startswith(f"{self._source_id[:SHORT]}-")
        return node.get("source_id") == self._source_id or is_passage or self._answers_in_its_words(node)

    def _answers_in_its_words(self, node: dict[str, Any]) -> bool:
        cited = node.get("citations") or () if node.get("kind") == "extractive" else ()
        return any(one["source_id"] == self._source_id for one in cited)

    def _is_of_another(self, node: dict[str, Any], name: str) -> bool:
        """Whether the words are cited from another source, or an answer in another's words."""
        return ("quote" in node and "source_id" in node) or (node.get("kind") == "extractive" and name == "text")

    def _cited_elsewhere(self, event: Event) -> list[str]:
        cited = event.payload.get("verdict", {}).get("citations", ()) if event.kind == "verdict-recorded" else ()
        return [letters_of(one["quote"]) for one in cited if one["source_id"] != self._source_id]

    def redraft(self, draft: Draft) -> Draft:
        """The draft without its words, and without the wish to cite it."""
        kept = draft.model_dump(mode="json")
        kept["cites"] = [one for one in kept["cites"] if not self._is_of_it(one)]
        for one in kept["fragments"]:
            one["passage_ids"] = self._others(one["passage_ids"])
        for asked in kept["questions"]:
            for answer in asked["answers"]:
                others = self._others(answer["passage_ids"])
                if answer["kind"] == "extractive" and others != answer["passage_ids"]:
                    answer["text"] = ERASED
                answer["passage_ids"] = others
        return Draft.model_validate(self._blanked(kept))

    def _others(self, passage_ids: list[str]) -> list[str]:
        return [one for one in passage_ids if not one.startswith(f"{self._source_id[:SHORT]}-")]

    def _blanked(self, node: Any) -> Any:
        if isinstance(node, dict):
            return {name: item if name in IDS | {"token", "reviewer"} else self._blanked(item) for name, item in node.items()}
        if isinstance(node, list):
            return [self._blanked(item) for item in node]
        return ERASED if isinstance(node, str) and self.says(node) else node


def _on_the_way(payload: dict[str, Any], steps: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The objects that a pointer leads through, the outermost first."""
    node: Any = payload
    for step in steps:
        if isinstance(node, dict):
            yield node
        node = node[int(step)] if isinstance(node, list) else node.get(step)
        if node is None:
            return
