"""A state of the evidence named in one word: a file, a folder, another store, a record of the journal, a day."""

from pathlib import Path

from ascent.core.dates import span
from ascent.core.errors import WrongUse
from ascent.evidence.assembling import assembled
from ascent.evidence.evidence import Evidence
from ascent.evidence.opening import open_evidence
from ascent.evidence.store import Store


def state(what: str, store: Path | None = None) -> Evidence:
    """The evidence that `what` names.

    what  `store` (as it is), `snapshot` (the bundled facts), `#3` (the store after record 3 of its journal), a path to
          a file, folder, archive or another store, or a date (what the store knew to be published by then)

    Raises WrongUse where it is none of these.
    """
    if what == "store":
        return Store(store).evidence()
    if what == "snapshot":
        from ascent.evidence.snapshot_reading import bundled

        tables, label, day = bundled()
        return assembled(tables, {}, label=label, as_of=None, newest=day)
    if what.startswith("#") and what[1:].isdigit():
        return Store(store).evidence(record=int(what[1:]))
    path = Path(what).expanduser()
    if path.exists():
        return open_evidence([path])
    try:
        span(what)
    except ValueError:
        raise WrongUse(
            f"'{what}' names no state of the evidence; give a path, a date, #RECORD, `store` or `snapshot`."
        ) from None
    return open_evidence(store=store, as_of=what)
