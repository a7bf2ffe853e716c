"""Claims in and out: claims/*.yaml, imports from elsewhere, and NAME.meta.yaml beside an evidence file.

What lives here: reading strictly, with every problem of every file named by its line, and writing one new file per claim.
What does not: the records of what was taken in (ledger.py). A hand-written file is never rewritten; a verdict somebody else
gave is never taken for ours.
"""

from workbench.claims.custom import custom_faults, unknown_fields
from workbench.claims.files import (
    ClaimFile,
    is_as_written,
    load_claim_files,
    load_meta,
    slug_for,
    write_claim_file,
    write_claims,
)
from workbench.claims.imports import FoundClaim, read_import, wording_digest
from workbench.claims.table_rows import is_of_an_export

__all__ = [
    "ClaimFile",
    "FoundClaim",
    "custom_faults",
    "is_as_written",
    "is_of_an_export",
    "load_claim_files",
    "load_meta",
    "read_import",
    "slug_for",
    "unknown_fields",
    "wording_digest",
    "write_claim_file",
    "write_claims",
]
