"""What the lens says of a finding, and saying it again in another language. Pure.

A finding is kept with what was shown, in English, whoever looked: its sentences are made of these templates and read by them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.tongue import N_, _

IN_BOTH = N_("{one} in both")
THEY_FIT = N_("{one} in the claim, {other} here: they fit")
SWAPPED = N_("{one} and {other} have changed places here")
DENIED_IN_BOTH = N_("“{word}” is denied in both")
STANDS_IN_BOTH = N_("“{word}” stands in both")
DENIED_HERE = N_("“{word}” is denied here")
DENIED_THERE = N_("“{word}” is denied in the claim, not here")
ONLY_IN_BOTH = N_("“{word}” in both")
ONLY_THERE = N_("“{word}” in the claim, not only here")
NOTHING_SAYS = N_("nothing here says “{word}” or otherwise")
NO_FIGURE = N_("no figure here to set beside {one}")
NO_DATE = N_("no date here to set beside {one}")
NOT_NAMED = N_("{one} is not named here")
NOT_SPOKEN_OF = N_("what the claim denies is not spoken of here")
NO_OTHER = N_("nothing here says that there is no other")
AGAINST = N_("{one} in the claim, {other} here")
_TOLD = (  # the narrower ones first
    *(THEY_FIT, SWAPPED, DENIED_IN_BOTH, STANDS_IN_BOTH, DENIED_HERE, DENIED_THERE, ONLY_IN_BOTH, ONLY_THERE),
    *(NO_OTHER, NOT_SPOKEN_OF, NOTHING_SAYS, NO_FIGURE, NO_DATE, NOT_NAMED, AGAINST, IN_BOTH),
)


def said(detail: str) -> str:
    """The detail of a finding in the language spoken; as it is where no template fits it."""
    for template in _TOLD:
        found = _read_by(template).fullmatch(detail)
        if found:
            return _(template, **found.groupdict())
    return detail


@lru_cache(maxsize=len(_TOLD))
def _read_by(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template)), re.DOTALL)
