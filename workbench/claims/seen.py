"""Which ids and wordings of a file were seen already, on disk: a million claims take no more memory than ten."""

from __future__ import annotations

import sqlite3


class Seen:
    """What was noted of one file. In a database of its own, which SQLite keeps in a file without a name."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("CREATE TABLE seen (id TEXT UNIQUE, wording TEXT, place TEXT)")
        self._database.execute("CREATE INDEX by_wording ON seen (wording)")
        self._database.execute("BEGIN")  # one that never ends: nothing of it is to last

    def note(self, claim_id: str, wording: str, place: str) -> None:
        """Note a claim; of two with one id the first stands."""
        self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (claim_id, wording, place))

    def place_of(self, claim_id: str) -> str | None:
        """Where a claim of that id stands in the file."""
        return self._asked("SELECT place FROM seen WHERE id = ?", claim_id)

    def place_of_wording(self, wording: str) -> str | None:
        """Where the first claim of that wording stands in the file."""
        return self._asked("SELECT place FROM seen WHERE wording = ? ORDER BY rowid LIMIT 1", wording)

    def __contains__(self, claim_id: object) -> bool:
        return isinstance(claim_id, str) and self.place_of(claim_id) is not None

    def close(self) -> None:
        """Forget it all."""
        self._database.close()

    def _asked(self, question: str, value: str) -> str | None:
        found = self._database.execute(question, (value,)).fetchone()
        return None if found is None else str(found[0])
