"""YAML as data files use it, read without believing it: every scalar stays the text that was typed.

YAML guesses: `no` becomes false, `1:30` ninety seconds, `1e5` a text, `010` eight, and a few lines of anchors a billion
entries. Here nothing is guessed and nothing is expanded: readers say themselves which text is a number, a date or a
flag. Anchors, aliases, tags, merges, keys said twice with different values, several documents and deep or endless files
are refused with the line.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ascent.core.errors import BadInput, Problem
from ascent.core.numerals import shown
from ascent.evidence.sources import Original

MOST_BYTES = 64 * 1024 * 1024
DEEPEST = 40
MOST_NODES = 2_000_000
LONGEST_SCALAR = 100_000  # characters

Node = Any  # Scalar, list of nodes, or dict from Scalar to nodes


class Scalar(str):
    """A text and where it stood.

    line   line of the file, from 1
    plain  written without quotes, so that an empty one, `~` or `null` may stand for "no value"
    """

    __slots__ = ("line", "plain")
    line: int
    plain: bool

    def __new__(cls, text: str, line: int = 0, plain: bool = True) -> "Scalar":
        made = super().__new__(cls, text)
        made.line, made.plain = line, plain
        return made

    @property
    def missing(self) -> bool:
        """Whether this is YAML's way to say that there is no value."""
        return self.plain and self in ("", "~", "null", "Null", "NULL")


def document(original: Original) -> Node:
    """The one document of a YAML file; raises BadInput, with the line, for everything named above.

    >>> document(Original("a.yaml", b"a: no\\nb: [1e5, 1:30]"))
    {'a': 'no', 'b': ['1e5', '1:30']}
    """
    import yaml

    name = original.name
    if len(original.data) > MOST_BYTES:
        raise _bad(name, f"{len(original.data):,} bytes", f"at most {MOST_BYTES:,} bytes of YAML", "Split the file.")
    try:
        text = original.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = original.data.count(b"\n", 0, error.start) + 1
        raise _bad(name, "bytes that are no UTF-8", "YAML in UTF-8", "Save the file as UTF-8.", line) from None
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _built(name, yaml.parse(text, Loader=loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = str(getattr(error, "problem", None) or "broken YAML")
        at = mark.line + 1 if mark else None
        raise _bad(
            name, f"YAML that cannot be read ({why})", "whole YAML", "Mend or export the file again.", at
        ) from None


def entries(name: str, node: Node, what: str) -> Mapping[Any, Node]:
    """The node as a mapping from Scalar to nodes; raises BadInput where it is none."""
    if isinstance(node, dict):
        return node
    line = node.line if isinstance(node, Scalar) else None
    raise _bad(name, "a list" if isinstance(node, list) else shown(str(node)), f"{what} as a mapping", "Mend it.", line)


def _built(name: str, events: Iterator[Any]) -> Node:
    import yaml

    # One frame per open collection: the collection, and for mappings the key that waits for its value.
    frames: list[tuple[Any, list[Scalar]]] = []
    root: list[Node] = []
    documents = nodes = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _bad(name, "a second document", "one document", "Put each into a file of its own.", line)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _bad(name, f"the anchor {shown(str(event.anchor))}", "no anchors and aliases", "Write it out.", line)
        if getattr(event, "tag", None):
            raise _bad(name, f"the tag {shown(str(event.tag))}", "plain data without tags", "Take the tag out.", line)
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            frames.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        nodes += 1
        if nodes > MOST_NODES:
            raise _bad(name, f"more than {MOST_NODES:,} entries", "a smaller file", "Split the file.", line)
        value: Node
        if isinstance(event, yaml.ScalarEvent):
            if len(event.value) > LONGEST_SCALAR:
                found = f"a text of {len(event.value):,} characters"
                raise _bad(name, found, f"at most {LONGEST_SCALAR:,}", "No value is that long; take it out.", line)
            value = Scalar(event.value, line, event.style is None or event.style == "")
        else:
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
        _place(name, frames, root, value, line)
        if not isinstance(value, Scalar):
            frames.append((value, []))
            if len(frames) > DEEPEST:
                raise _bad(name, f"more than {DEEPEST} levels", "flat data", "Data files are flat; check it.", line)
    if not root:
        raise _bad(name, "an empty file", "a document", "Check that the download or export ended.")
    return root[0]


def _place(name: str, frames: Sequence[tuple[Any, list[Scalar]]], root: list[Node], value: Node, line: int) -> None:
    if not frames:
        root.append(value)
        return
    holder, waiting = frames[-1]
    if isinstance(holder, list):
        holder.append(value)
    elif waiting:
        key = waiting.pop()
        if key in holder and not (isinstance(value, Scalar) and holder[key] == value):
            found, mend = f"the key {shown(key)} twice", "Decide which of the two is meant and take the other out."
            raise _bad(name, found, "each key once", mend, line)
        holder[key] = value
    elif not isinstance(value, Scalar):
        raise _bad(name, "a collection as a key", "texts as keys", "Name it.", line)
    elif value == "<<" and value.plain:
        raise _bad(name, "a merge (<<)", "entries written out", "Write the entries out.", line)
    else:
        waiting.append(value)


def _bad(name: str, found: str, expected: str, mend: str, line: int | None = None) -> BadInput:
    return BadInput([Problem(name, found, expected, mend, line)])
