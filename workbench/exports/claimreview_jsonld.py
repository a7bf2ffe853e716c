"""claimreview: JSON-LD that may be pasted into a script element of a page.

One report gives one ClaimReview; several, or none, a DataFeed whose dataFeedElement holds them. `<`, `>`, `&`, U+2028, 2029 are
written as JSON escapes, so no text can end the script element. What does not live here: the map (workbench.claimreview).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.claimreview import CONTEXT, to_claimreview
from workbench.report import ClaimReport
from workbench.settings import Settings

_UNSAFE = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}  # they stand only inside JSON strings


def write_claimreview(reports: Sequence[ClaimReport], settings: Settings) -> bytes:
    """The markup of these reports; what may not be published yet says "Draft" as its creativeWorkStatus."""
    if len(reports) != 1:
        return write_feed(reports, settings)
    return _bytes(to_claimreview(reports[0], settings))


def write_feed(reports: Sequence[ClaimReport], settings: Settings) -> bytes:
    """The markup of these reports as one DataFeed, however many they are."""
    name = settings.organisation.name or settings.name
    nodes = [to_claimreview(report, settings) for report in reports]
    return _bytes({"@context": CONTEXT, "@type": "DataFeed", "name": f"Fact-checks by {name}", "dataFeedElement": nodes})


def _bytes(whole: Mapping[str, Any]) -> bytes:
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2)
    return (text.translate(_UNSAFE) + "\n").encode("utf-8")
