"""Names of models and benchmarks: matching that ignores typography, and suggestions that never merge."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ascent.core.errors import BadInput, Problem

_DASHES = re.compile(r"[\u00ad\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_GAPS = re.compile(r"[\s\-_/:,()\[\]]+")
_HELD = "\ue000"  # stands for the hyphens of a date while others become spaces
_DATE = re.compile(r"(?<!\d)(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)", re.ASCII)

# Words that make another system of the same family: two names that differ in one of them are never the same.
_VARIANT_WORDS = """
base pretrained pt instruct it chat sft rlhf dpo mini nano micro lite tiny small medium large max ultra pro plus turbo
flash haiku sonnet opus preview exp thinking nonthinking reasoning nonreasoning reasoner non coder code math vision vl
omni audio air distill scout maverick guard latest fast deep
"""
VARIANTS = frozenset(_VARIANT_WORDS.split())
SETTINGS = frozenset({"low", "high", "xhigh", "minimal", "none", "unknown", "adaptive"})
LEAST = 30.0  # likeness below which a name is not worth a reviewer's time

_SAME = {"experimental": "exp", "distilled": "distill", "sept": "sep"}
_BUDGET = re.compile(r"\d+k", re.ASCII)
_WORD = re.compile(r"v\d+p\d+|\d+(?:\.\d+)*[a-z]*|[a-z]+", re.ASCII)
_POINT = re.compile(r"(?<![\d.])(?:v(?=\dp))?(\d{1,2})(?: |p)(\d)(?![\d.a-z])", re.ASCII)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = (
    re.compile(r"(?P<year>20\d\d)-(?P<month>\d\d)-\d\d", re.ASCII),
    re.compile(r"(?P<month>0[1-9]|1[0-2])[ -](?P<year>20\d\d)(?!\d)", re.ASCII),
    re.compile(rf"\b(?P<month>{'|'.join(_MONTH_NAMES)})[a-z]* (?P<year>20\d\d)\b", re.ASCII),
    re.compile(r"(?<![\d.])(?P<month>0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])(?![\d.a-z])", re.ASCII),
    re.compile(r"(?<![\d.])(?P<year>2[0-9])(?P<month>0[1-9]|1[0-2])(?![\d.a-z])", re.ASCII),
)


def normalise(name: str) -> str:
    """A name for matching: case, spaces, hyphens of every kind and compatibility forms made alike; dates kept.

    Two names with one normal form are the same spelling, not more: `GPT-4` and `gpt 4`, but not `GPT-4 0613`.

    >>> normalise("GPT\\u20114 "), normalise("claude-3-opus-20240229"), normalise("Claude 3 Opus (2024-02-29)")
    ('gpt 4', 'claude 3 opus 2024-02-29', 'claude 3 opus 2024-02-29')
    """
    plain = unicodedata.normalize("NFKC", name).replace(_HELD, " ")
    plain = _UNSEEN.sub("", _DASHES.sub("-", plain)).casefold()
    held = _DATE.sub(rf" \1{_HELD}\2{_HELD}\3 ", plain)
    return _GAPS.sub(" ", held).strip().replace(_HELD, "-")


def confusable(name: str) -> str | None:
    """Why a name may not be what it seems: letters of several alphabets, or characters nobody sees; else None.

    >>> confusable("\\u0410lpha") is None, confusable("Alpha") is None
    (False, True)
    """
    unseen = next((c for c in name if _UNSEEN.match(c) or unicodedata.category(c) in {"Cc", "Cf"}), None)
    if unseen is not None:
        return f"it holds the invisible character U+{ord(unseen):04X}"
    alphabets: dict[str, str] = {}
    for letter in name:
        if letter.isalpha():
            alphabets.setdefault(_alphabet(letter), letter)
    if "LATIN" in alphabets and (other := next((a for a in ("CYRILLIC", "GREEK", "ARMENIAN") if a in alphabets), None)):
        letter = alphabets[other]
        # A lone Greek letter as a whole word (µ, α, Δ) is notation, not disguise.
        if other != "GREEK" or re.search(rf"(?:[A-Za-z]{letter}|{letter}[A-Za-z])", name):
            return f"'{letter}' (U+{ord(letter):04X}) is {other.title()}, the rest Latin"
    return None


def rank(name: str, known: Iterable[str], limit: int = 5) -> list[tuple[str, float]]:
    """Known names a person might mean, the likeliest first, with a likeness from 0 to 100; 100 is the same spelling.

    A guard keeps variants apart: where sizes, dates, version numbers or words such as base, instruct, mini or thinking
    differ, the likeness is at most 90 and falls with each difference. A ranking is for a reviewer, never a decision.

    >>> rank("gpt-4o-mini", ["GPT-4o", "GPT-4o mini", "GPT-4"])[0]
    ('GPT-4o mini', 100.0)
    """
    from rapidfuzz import fuzz

    wanted = normalise(name)
    mine = _parts(wanted)
    scored = []
    for choice in dict.fromkeys(known):
        found = normalise(choice)
        theirs = _parts(found)
        if wanted == found:
            likeness = 100.0
        else:
            words = fuzz.token_sort_ratio(mine.core, theirs.core)
            shared = fuzz.token_set_ratio(mine.core, theirs.core)  # one name may say more than the other
            likeness = 0.5 * words + 0.3 * shared + 0.2 * fuzz.ratio(wanted, found) - _distance(mine, theirs)
        if likeness >= LEAST:
            most = 100.0 if wanted == found else 99.0 if mine.marks == theirs.marks else 90.0
            scored.append((likeness, choice, round(min(likeness, most), 1)))
    scored.sort(key=lambda one: (-one[0], len(one[1]), one[1]))
    return [(choice, likeness) for _, choice, likeness in scored[:limit]]


def resolve(name: str, aliases: Mapping[str, str], known: Iterable[str]) -> str | None:
    """The canonical name where it is certain: itself, or an alias someone reviewed; else None, never a guess."""
    names = known if isinstance(known, (set, frozenset, dict)) else set(known)
    seen = {name}
    while name not in names:
        if name not in aliases or aliases[name] in seen:
            return None
        name = aliases[name]
        seen.add(name)
    return name


def check_aliases(
    rows: Sequence[Mapping[str, object]], file: str = "aliases", lines: Sequence[int] | None = None
) -> None:
    """Refuse aliases that lead in a circle, to themselves, or to two names; raises BadInput with all of them.

    rows   with `alias`, `refers_to`, and perhaps `kind`
    lines  the row of the file behind each, for messages
    """
    problems: list[Problem] = []
    target: dict[tuple[str, str], tuple[str, int]] = {}
    for index, row in enumerate(rows):
        key, to = (str(row.get("kind") or ""), str(row["alias"])), str(row["refers_to"])
        before = target.setdefault(key, (to, index))
        if before[0] != to:
            found = f"'{key[1]}' for '{to}', and before for '{before[0]}'"
            problems.append(Problem(file, found, "one name per alias", "Decide for one.", _line(lines, index), "alias"))
    for (kind, alias), (_, index) in target.items():
        path = [alias]
        while (kind, path[-1]) in target and path.count(path[-1]) == 1:
            path.append(target[kind, path[-1]][0])
        # Told once, at the first alias of the circle in alphabetical order.
        if len(path) > 1 and path[-1] == alias and alias == min(path):
            found = f"a circle: {' → '.join(path)}"
            mend = "Let one of them be the canonical name and take its own alias out."
            problems.append(Problem(file, found, "aliases that end at a name", mend, _line(lines, index), "alias"))
    if problems:
        raise BadInput(problems)


def _line(lines: Sequence[int] | None, index: int) -> int | None:
    return None if lines is None else lines[index]


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0]


@dataclass(frozen=True)
class _Parts:
    """A normal form taken apart: what names the family, and what tells its variants from each other."""

    core: str  # words and version numbers, in order
    numbers: frozenset[str]
    variants: frozenset[str]
    settings: frozenset[str]  # effort and token budget of one run, which names of models seldom carry
    month: tuple[int | None, int] | None  # year, where known, and month

    @property
    def marks(self) -> tuple[object, ...]:
        return self.numbers, self.variants, self.settings, self.month


@lru_cache(maxsize=16384)
def _parts(normal: str) -> _Parts:
    month: tuple[int | None, int] | None = None
    for pattern in _MONTHS:
        if match := pattern.search(normal):
            year, number = match.groupdict().get("year"), match["month"]
            month = (
                (2000 + int(year) % 100 if year else None),
                int(number) if number.isdigit() else _MONTH_NAMES.index(number[:3]) + 1,
            )
            normal = normal[: match.start()] + " " + normal[match.end() :]
            break
    normal = _POINT.sub(r"\1.\2", normal)
    words = [_SAME.get(word, word) for word in _WORD.findall(normal)]
    if month and words[-1:] == ["medium"]:
        words[-1] = "none"  # after a date it is the effort of a run, as low and high are, not a size
    settings = {word for word in words if word in SETTINGS or _BUDGET.fullmatch(word)}
    kept = [word.removesuffix(".0") for word in words if word not in settings]
    numbers = frozenset(word for word in kept if word[0].isdigit())
    return _Parts(" ".join(kept), numbers, VARIANTS & set(kept), frozenset(settings), month)


def _distance(mine: _Parts, theirs: _Parts) -> float:
    """Points off for each thing that makes `theirs` another variant; what only `mine` says weighs less."""
    off = 15.0 * len(theirs.numbers - mine.numbers) + 6.0 * len(mine.numbers - theirs.numbers)
    off += 8.0 * len(theirs.variants - mine.variants) + 4.0 * len(mine.variants - theirs.variants)
    off += 4.0 * len(theirs.settings - mine.settings) + 1.0 * len(mine.settings - theirs.settings)
    if theirs.month is None or mine.month is None:
        return off + (4.0 if theirs.month else 3.0 if mine.month else 0.0)
    (year, month), (other_year, other) = theirs.month, mine.month
    same = month == other and (year is None or other_year is None or year == other_year)
    return off if same else off + 15.0
