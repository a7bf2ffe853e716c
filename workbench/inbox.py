"""Files people give: found, checked at the door, and copied into evidence/.

What lives here: which files are meant, what is refused before it is copied, the name each gets, and where files that were
inside a file are put. What does not: reading them, or
what becomes of them (intake.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from workbench.copying import hash_of
from workbench.errors import FileFailure
from workbench.folders import (
    META_SUFFIX,
    copy_whole,
    evidence_files,
    has_metadata,
    is_evidence_name,
    safe_name,
    same_bytes,
    write_whole,
)
from workbench.models import Failure, Purged, sha256_hex
from workbench.reading.formats import FORMATS
from workbench.reading.media import MEDIA, medium_of
from workbench.reading.text import Part
from workbench.settings import EvidenceSettings, Workspace

PARTS = ".parts"  # ending of the folder beside a file for what was inside it


class Inbox:
    """The way into one workspace's evidence/. Stored paths are relative to the workspace, with `/`: `evidence/un/vote.pdf`."""

    def __init__(
        self, workspace: Workspace, limits: EvidenceSettings, purged: Callable[[], Mapping[str, Purged]] = dict
    ) -> None:
        self._workspace = workspace
        self._limits = limits
        self._purged = purged

    def files(self, paths: Sequence[Path], failed: list[Failure]) -> Iterator[tuple[Path, str]]:
        """(file as given, where it goes in the workspace); what cannot be found or is no evidence goes to `failed`.

        A folder keeps its name and inner paths.
        """
        for given in paths:
            if given.is_dir():
                files, unlisted = evidence_files(given)
                failed += unlisted
                for file in (Path(one.path) for one in files):
                    yield file, _stored(PurePosixPath(given.resolve().name, *file.relative_to(given).parts))
            elif not given.exists():
                message, hint = f"There is no file {given}.", "Check the path and try again."
                failed.append(Failure(path=str(given), code="not_found", message=message, hint=hint))
            elif not is_evidence_name(given.name):
                message = f"{given.name} is not evidence: README files, dotfiles and *{META_SUFFIX} are left out."
                hint = "If it is evidence, give it another name."
                failed.append(Failure(path=str(given), code="not_evidence", message=message, hint=hint))
            else:
                yield given, _stored(PurePosixPath(given.name))

    def copy_in(self, given: Path, stored: str, *, replace: bool) -> None:
        """Copy a file (and its NAME.meta.yaml) into evidence/, in one step. Raises: FileFailure."""
        if given.is_symlink() or not given.is_file():
            raise FileFailure(
                f"{given} is not a regular file.", hint="Give the file itself, not a link or device.", code="not_a_regular_file"
            )
        suffix = PurePosixPath(stored).suffix.lower()
        if suffix not in FORMATS and suffix not in MEDIA:
            raise FileFailure(
                f"{given.name} has a type that cannot be read ({suffix or 'no suffix'}).",
                hint=f"These can: {', '.join(sorted(FORMATS.keys() | MEDIA.keys()))}.",
                code="unsupported_type",
            )
        self.refuse(given, given.stat().st_size)
        target = self._workspace.root / stored
        if target.exists() and not replace and not same_bytes(given, target):
            raise FileFailure(
                f"{stored} exists with other content.",
                hint="Rename the new file, or give --replace to make it a new version of the old one.",
                code="name_taken",
            )
        beside = has_metadata(given)
        pairs = [(given, target)] + ([(beside, target.with_name(target.name + META_SUFFIX))] if beside else [])
        for one, to in pairs:
            if not to.exists() or (one.resolve() != to.resolve() and not same_bytes(one, to)):
                copy_whole(one, to)

    def place_of(self, container: str, part: Part, taken: set[str]) -> str:
        """Where a file that was inside another one goes: beside it, under CONTAINER.parts/.

        taken: the names given so far, and now this one; a second part of one name gets a number.
        """
        inner = [safe_name(one) for one in part.name.replace("\\", "/").split("/") if one not in ("", ".", "..")]
        stored = numbered = PurePosixPath(f"{container}{PARTS}", *(inner or ["_"]))
        count = 1
        while numbered.as_posix().casefold() in taken:
            count += 1
            numbered = stored.with_name(f"{stored.stem} ({count}){stored.suffix}")
        taken.add(numbered.as_posix().casefold())
        return numbered.as_posix()

    def put_part(self, stored: str, part: Part) -> None:
        """Write a file that was inside another one to its place. Raises: FileFailure.

        A file that is there already is replaced by a part of the same name: it is its new version.
        """
        target = self._workspace.root / stored
        self._refuse_purged(PurePosixPath(stored).name, lambda: sha256_hex(part.data))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.is_file() or target.is_symlink() or target.read_bytes() != part.data:
                write_whole(target, part.data)
        except OSError as error:
            hint = "Check that no file has the name of its folder, the permissions and the free space, then try again."
            message = f"{stored} could not be written: {error.strerror}."
            raise FileFailure(message, hint=hint, code="not_copied") from error

    def refuse(self, file: Path, size: int) -> None:
        """Stop a file of more bytes than the settings allow, and bytes that were erased. Raises: FileFailure, OSError."""
        self._refuse_purged(file.name, lambda: hash_of(file))
        key = "media_mb" if medium_of(file.name) else "max_file_mb"
        limit = getattr(self._limits, key)
        if size > limit * 1_000_000:
            raise FileFailure(
                f"{file.name} has {size / 1e6:.0f} MB; the limit is {limit} MB.",
                hint=f"Split it, or raise {key} under [evidence] in workbench.toml.",
                code="too_large",
            )

    def _refuse_purged(self, name: str, sha256: Callable[[], str]) -> None:
        """Hashes only where something was ever erased."""
        purged = self._purged()
        found = purged.get(sha256()) if purged else None
        if found is not None:
            raise FileFailure(
                f"{name} is not taken in again. {found.words}", hint="Delete the file, or ask who had it erased.", code="purged"
            )


def _stored(inside: PurePosixPath) -> str:
    return PurePosixPath("evidence", *(safe_name(part) for part in inside.parts)).as_posix()


def containers(path: str) -> Iterator[str]:
    """The paths of the files that this one may have been found inside, by the folders it lies in; the nearest first."""
    for folder in PurePosixPath(path).parents:
        if folder.name.endswith(PARTS):
            yield folder.as_posix().removesuffix(PARTS)
