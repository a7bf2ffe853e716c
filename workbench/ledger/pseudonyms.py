"""What people and sources are called where their names do not leave: made with a key that only one ledger has. Pure."""

from __future__ import annotations

import hmac

from workbench.models import Reviewer


class Pseudonyms:
    """The pseudonyms of one ledger: the same today and tomorrow, other ones in every other ledger."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def actor_key(self, reviewer: Reviewer) -> str:
        """What a unique constraint can use without a name in the clear."""
        return self._of(f"{reviewer.issuer}\0{reviewer.subject}")

    def of_reviewer(self, reviewer: Reviewer) -> str:
        """What a reviewer is called in every data set of this workspace."""
        told = f"data set\0{reviewer.issuer}\0{reviewer.subject}"
        return f"reviewer-{self._of(told)[:12]}"

    def of_source(self, source_id: str) -> str:
        """What a source, or a passage of one, is called where its id does not leave: 64 hex digits."""
        return self._of(f"source\0{source_id}")

    def _of(self, what: str) -> str:
        return hmac.new(self._key, what.encode(), "sha256").hexdigest()
