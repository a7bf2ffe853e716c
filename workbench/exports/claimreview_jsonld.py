"""claimreview: JSON-LD that may be pasted into a script element of a page.

One report gives one ClaimReview; several, or none, a DataFeed whose dataFeedElement holds them. `<`, `>`, `&`, U+2028, 2029 are
written as JSON escapes, so no text can end the script element. What does not live here: the map (workbench.claimreview).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from workbench.claimreview import CONTEXT, to_claimreview
from workbench.report import ClaimReport
from workbench.report.imprint import Imprint

_UNSAFE = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}  # they stand only inside JSON strings


def write_claimreview(reports: Sequence[ClaimReport], imprint: Imprint) -> Iterator[bytes]:
    """The markup of these reports; what may not be published yet says "Draft" as its creativeWorkStatus."""
    if len(reports) == 1:
        yield _written(to_claimreview(reports[0], imprint.settings)) + b"\n"
    else:
        yield from write_feed((to_claimreview(one, imprint.settings) for one in reports), imprint)


def write_feed(nodes: Iterable[dict[str, Any]], imprint: Imprint) -> Iterator[bytes]:
    """These ClaimReview nodes as one DataFeed, however many they are, one at a time."""
    head = {"@context": CONTEXT, "@type": "DataFeed", "name": f"Fact-checks by {imprint.publisher}"}
    yield _written(head).removesuffix(b"\n}") + b',\n  "dataFeedElement": ['
    before = b"\n"
    for node in nodes:
        yield before + _written(node)
        before = b",\n"
    yield b"\n]}\n"


def _written(node: dict[str, Any]) -> bytes:
    return json.dumps(node, ensure_ascii=False, allow_nan=False, indent=2).translate(_UNSAFE).encode()
