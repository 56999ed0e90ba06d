"""What the codes of a column could mean: a list that is known, or each code by itself, to be completed by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from singledisease.aliases import CODE_ALIASES
from singledisease.eventlog.columns import coded
from singledisease.eventlog.parse_cell import read_flag
from singledisease.eventlog.validation_rules import ValidationIssue
from singledisease.io.inspect.column_guess import Guess, kind_called
from singledisease.io.inspect.content import Content
from singledisease.io.inspect.disease_names import disease_called
from singledisease.io.inspect.profile import Looked
from singledisease.io.inspect.spelling import quoted
from singledisease.io.mapping import CodeList, code_lists
from singledisease.io.mapping.codes import recode, several
from singledisease.spelling import folded
from singledisease.vocabulary import FLAGS, KINDS

LISTS: Mapping[str, str] = {
    "sex": "GB/T 2261.1",
    "mode": "CV06.00.207",
    "adverse_reaction": "adverse reaction (form)",
    "complication": "CV05.10.012 complication",
    "evaluation": "CV05.10.012",
    "adherence": "DE06.00.027.00",
    "hypoglycaemia": "DE04.50.024.00",
    "direction": "direction of referral",
    "level": "level of institution",
    "disease": "diseases, by name",
}
ENDS = {"kind": "end of management, kind", "reason": "end of management, reason"}
_MOST = 40


def _is_end(one: Looked, guess: Guess) -> bool:
    return one.role is not None and one.role.kind == "end" and guess.name in ENDS


def becomes(one: Looked, guess: Guess, content: Content) -> tuple[str, ...]:
    """Give the names that a column becomes: the class of a follow-up is itself, and a flag."""
    if _is_end(one, guess):
        return tuple(ENDS)
    return ("complication", "evaluation") if _is_class(guess.name, content) else (guess.name,)


def _is_class(name: str, content: Content) -> bool:
    return name == "complication" and bool(content.filled) and not _is_plain(name, content)


def codes_of(one: Looked, columns: Mapping[str, Guess]) -> tuple[list[tuple[str, str, str]], dict[str, list[str]]]:
    """Give the columns whose codes are all of a known list, and for the others what each code could mean."""
    assert one.role is not None
    listed: list[tuple[str, str, str]] = []
    spelt: dict[str, list[str]] = {}
    for foreign, guess in columns.items():
        content = one.contents[foreign]
        for name in becomes(one, guess, content):
            if name == "kind" and not _is_end(one, guess):
                if any(text not in KINDS for text in content.texts):
                    spelt[name] = list(_kinds(content))
                continue
            code_list = code_lists().get(ENDS[name] if _is_end(one, guess) else LISTS.get(name, ""))
            if code_list is None or _is_plain(name, content) or (one.role.kind == "death" and name in ENDS):
                continue
            unknown = _unknown(name, content, code_list, one.blank)
            if unknown and name == "disease" and one.diseases:
                spelt[name] = list(_diseases(content, one.diseases))
            elif not unknown:
                status = "" if code_list.status == "confirmed" else f"，{code_list.status}，请核对 / check it"
                listed.append((name, code_list.name, f"  # {code_list.title}{status}"))
            else:
                spelt[name] = list(_spelt(name, content, code_list, unknown))
    return listed, spelt


def _is_plain(name: str, content: Content) -> bool:
    """Tell whether the values are read as they are: flags that say true, false, 1, 0, 是, 否."""
    return name in FLAGS and content.share(lambda text: not isinstance(read_flag(text), ValidationIssue)) == 1.0


def _unknown(name: str, content: Content, code_list: CodeList, blank: Sequence[str]) -> set[str]:
    made = recode(name, coded(content.texts), code_list)
    found = zip(content.texts, made.unknown.tolist(), strict=True)
    return {text for text, strange in found if strange and text not in blank}


def _kinds(content: Content) -> Iterator[str]:
    """Write what each kind of event is called here; what is none stays, as a kind of one's own."""
    for text, times in list(zip(content.texts, content.times.tolist(), strict=True))[:_MOST]:
        found = kind_called(text)
        why = "" if found else ": 本库没有这类事件，照录 / no kind known here, kept as it is"
        yield f"{quoted(text)} = {quoted(found or text)}  # {times} 行 rows{why}"
    if len(content.texts) > _MOST:
        yield '"*" = "*"  # 其余照录 / the others are kept as they are'


def _diseases(content: Content, known: Mapping[str, str]) -> Iterator[str]:
    """Write what each disease that cells name is called here, one of several in a cell too; others stay as they are.

    Someone with 高血压、白内障 is managed for the one, though nothing here is known of the other.
    """
    rows: Counter[str] = Counter()
    for text, times in zip(content.texts, content.times.tolist(), strict=True):
        whole = disease_called(text, known)
        for part in [text] if whole else several(text):
            rows[part] += times
    for part, times in rows.most_common(_MOST):
        found = disease_called(part, known)
        why = "" if found else ": 本库没有这个病种，照录 / no disease known here, kept as it is"
        yield f"{quoted(part)} = {quoted(found or part)}  # {times} 行 rows{why}"
    if len(rows) > _MOST:
        yield '"*" = "*"  # 其余照录 / the others are kept as they are'


def _spelt(name: str, content: Content, code_list: CodeList, unknown: set[str]) -> Iterator[str]:
    yield f"# {code_list.title}: {code_list.source} [{code_list.status}]"
    for text, times in list(zip(content.texts, content.times.tolist(), strict=True))[:_MOST]:
        meant = CODE_ALIASES.get(name, {}).get(folded(text)) if text in unknown else None
        if meant is not None:
            yield f"{quoted(text)} = {quoted(meant)}  # {times} 行 rows"
        elif text in unknown:
            why = "含义不明，填写后去掉 # / what does it mean? until it says so its rows are refused"
            yield f'# {quoted(text)} = ""  # {times} 行 rows: {why}'
        else:
            column = recode(name, coded([text]), code_list).column
            yield f"{quoted(text)} = {quoted(column.text(0) or '')}  # {times} 行 rows"
