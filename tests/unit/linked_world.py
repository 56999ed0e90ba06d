"""A small pathway over linked sequences: a book that is lent and given back."""

from singledisease.definitions.citation import Names
from singledisease.definitions.disease import Disease
from singledisease.definitions.pathway import Pathway, Signal, State, Transition

LEND = Disease(
    id="lend",
    version="1",
    names=Names("借阅", "loan"),
    codes=(),
    pathway=Pathway(
        initial="out",
        died="ended",
        states=(
            State(id="out", names=Names("借出", "out"), stage="treatment"),
            State(id="back", names=Names("归还", "back"), stage="closed"),
            State(id="ended", names=Names("终止", "ended"), stage="closed"),
        ),
        signals=(Signal(id="return", names=Names("还", "return"), kinds=("return",)),),
        transitions=(Transition(sources=("out",), signal="return", target="back"),),
        sequence="link",
    ),
)
