"""json and jsonl: the workspace's own records, whole and exact.

Internal: they hold the working rationale, confidence, notes, tokens and hashes of every revision. Claim and Verdict parse back
equal to what was recorded. What does not live here: anything for readers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.report import ClaimReport
from workbench.report.imprint import Imprint
from workbench.version import VERSION

SCHEMA_VERSION = 1  # raised when a field is renamed, removed or changes its meaning
SOFTWARE = f"claim-workbench {VERSION}"
_LINE_ENDS = {ord(one): f"\\u{ord(one):04x}" for one in "\x85\u2028\u2029"}  # some readers split lines there


def write_json(reports: Sequence[ClaimReport], imprint: Imprint) -> Iterator[bytes]:
    """One object: schema_version, software, workspace, and `claims`, one object a claim, in the order given."""
    head = {"schema_version": SCHEMA_VERSION, "software": SOFTWARE, "workspace": imprint.settings.name}
    yield json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}").encode() + b',\n  "claims": ['
    before = "\n"
    for report in reports:
        text = json.dumps(_claim(report), ensure_ascii=False, allow_nan=False, indent=2)
        yield (before + "\n".join(f"    {line}" for line in text.split("\n"))).encode()
        before = ",\n"
    yield b"]\n}\n" if before == "\n" else b"\n  ]\n}\n"


def write_jsonl(reports: Sequence[ClaimReport], imprint: Imprint) -> Iterator[bytes]:
    """One claim a line, each the object `claims` of the json form holds, with schema_version and software."""
    head = {"schema_version": SCHEMA_VERSION, "software": SOFTWARE}
    for report in reports:
        line = json.dumps(head | _claim(report), ensure_ascii=False, allow_nan=False)
        yield (line.translate(_LINE_ENDS) + "\n").encode()


def _claim(report: ClaimReport) -> dict[str, Any]:
    page, record = report.page, report.record.model_dump(mode="json")
    return {
        "id": page.id,
        "statement": page.statement,
        "status": page.status,
        "rating": page.rating.slug if page.rating else None,
        "rating_label": page.rating.label if page.rating else None,
        "draft": page.draft,
        "claim": record["claim"],
        "verdict": record["counting"],
        "verdicts": record["verdicts"],
        "marks": [{"reviewer": reviewer, "mark": mark} for reviewer, mark in record["marks"]],
        "publication": record["publication"],
        "contacts": record["contacts"],
        "changes": record["changes"],
        "sign_offs": record["sign_offs"],
        "embargo": record["embargo"],
        "retired": record["retired"],
        "page": page.model_dump(mode="json"),
    }
