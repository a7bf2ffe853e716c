"""Every error the workbench raises on purpose.

    WorkbenchError
    ├── UsageError              the call itself is off (exit 2)
    ├── WorkspaceError          no workspace, not empty, not writable
    ├── SettingsError           workbench.toml or WORKBENCH_* (all problems at once)
    ├── ClaimFileError          claim files (all problems of all files at once)
    ├── UnknownId               no claim, source, passage, rating or reviewer of that name
    ├── FileFailure             one evidence file could not be read; carries a stable code
    ├── LedgerError             the records
    │   ├── Conflict            somebody saved since the revision the reviewer saw
    │   ├── TokenReused         one save token, two different saves
    │   ├── Refused             the policy or the scale forbids this save
    │   └── LedgerDamaged       not a ledger, a newer schema, a broken chain
    ├── StaleIndex              the index does not match model, settings or files
    │   └── EngineError         the server that keeps the index does not answer, refuses, or is not installed for
    ├── ModelError              the model is missing, altered or returns nonsense
    └── ExportError             a report cannot be written in that form

Each says what happened, the value that caused it, and (`hint`) what to do next. `code` is stable: programs may rely on it.
"""


class WorkbenchError(Exception):
    """Something the user can mend. `message`: what happened and to what. `hint`: the next step."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code

    def as_json(self) -> dict[str, str]:
        """The three fields every interface shows."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class UsageError(WorkbenchError):
    """The call itself is off: exit 2."""

    code = "usage"
    exit_code = 2


class WorkspaceError(WorkbenchError):
    """The workspace folder is missing, not empty, or cannot be written."""

    code = "workspace"


class SettingsError(WorkbenchError):
    """workbench.toml or a WORKBENCH_* variable is wrong; the message lists every problem."""

    code = "settings"


class ClaimFileError(WorkbenchError):
    """Claim files are wrong; the message lists every problem of every file, with its line."""

    code = "claim_file"


class UnknownId(WorkbenchError):
    """Nothing of that name exists; the hint lists what does, or how to list it."""

    code = "unknown_id"


class FileFailure(WorkbenchError):
    """One evidence file could not be read. `code` is one of the stable reading codes, for example `no_text_layer`."""

    code = "unreadable"


class LedgerError(WorkbenchError):
    """The records could not be read or written."""

    code = "ledger"


class Conflict(LedgerError):
    """Somebody (perhaps the same reviewer, elsewhere) saved since the revision this save was based on."""

    code = "conflict"


class TokenReused(LedgerError):
    """The same save token arrived with another payload or from another reviewer."""

    code = "token_reused"


class Refused(LedgerError):
    """The policy, the scale or the state of the claim forbids this save; nothing was written."""

    code = "refused"


class LedgerDamaged(LedgerError):
    """The file is not a ledger, has a newer schema, or its chain does not verify."""

    code = "ledger_damaged"


class StaleIndex(WorkbenchError):
    """The index does not match the model, the settings or the files. The hint names the command that mends it."""

    code = "stale_index"


class EngineError(StaleIndex):
    """The server that keeps the index does not answer or refuses, or the package that speaks to it is missing."""

    code = "engine"


class ModelError(WorkbenchError):
    """The model is missing, altered, or returned something that is not a unit vector per text."""

    code = "model"


class ExportError(WorkbenchError):
    """A report cannot be written in that form or to that place."""

    code = "export"
