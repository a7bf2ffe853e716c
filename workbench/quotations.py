"""Words of a claim that were lifted from a file: whether they stood in quotation marks there, and who lets them stand in some.

What lives here: the two ways words come by their marks, the file or a person (DESIGN.md promise 10). What does not: finding
quotations (quotes/), printing them (`Claim.is_quoted` says whether in marks; report/, exports/ and the pages follow it).
"""

from __future__ import annotations

from workbench.cases import Cases
from workbench.catalog import Catalog
from workbench.errors import Refused
from workbench.ledger import Ledger
from workbench.models import Claim, Reviewer
from workbench.quotes.marks import stand_in_marks


class Quotations:
    """The quotations of one workspace's claims."""

    def __init__(self, cases: Cases, ledger: Ledger, catalog: Catalog) -> None:
        self._cases = cases
        self._ledger = ledger
        self._catalog = catalog

    def looked_up(self, claim: Claim) -> Claim:
        """The claim, saying whether its words stood in marks where they were lifted from; as it is where it was not lifted.

        Words that do not stand there as they are, or in a file that is not at hand, count as not marked.
        """
        lifted = claim.source_quote
        if lifted is None or claim.quote is None or claim.quote_marks is not None:
            return claim
        source = self._catalog.source(lifted.sha256)
        text = source.text if source else ""
        is_marked = text[lifted.start : lifted.end] == claim.quote and stand_in_marks(text, lifted)
        return claim.model_copy(update={"quote_marks": "in-file" if is_marked else "none"})

    def confirm(self, claim_id: str, *, reviewer: Reviewer) -> None:
        """Record that a person takes these for the speaker's own words; from then on they are printed in quotation marks.

        Raises: UnknownId; Refused where there is no quotation, or it has its marks.
        """
        claim = self._cases.get(claim_id).claim
        if claim.quote is None or claim.is_quoted:
            what = "has no quotation" if claim.quote is None else "has its quotation marks already"
            raise Refused(f"The claim {claim_id} {what}.", hint="There is nothing to confirm.", code="nothing_to_confirm")
        self._ledger.append(self._cases.event(claim_id, "quote-confirmed", {"quote": claim.quote}, actor=reviewer))
