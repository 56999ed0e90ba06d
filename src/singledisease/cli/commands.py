"""The group of commands, and what becomes of errors: 1 the data or definition was refused, 2 wrong usage."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from singledisease import __version__
from singledisease.errors import DataError, DefinitionError, SingleDiseaseError, UsageError

REFUSED, WRONG_USAGE = 1, 2
EXAMPLES = """\b
Begin / 开始:
  singledisease inspect export/ --out mapping.toml   unknown files / 不明文件
  singledisease kpi export/ --mapping mapping.toml --period 2024
  singledisease kpi --help                           examples / 例子

\b
Completion / 补全 (bash; also zsh, fish):
  eval "$(_SINGLEDISEASE_COMPLETE=bash_source singledisease)"
"""


COMMANDS: Mapping[str, tuple[str, str]] = {
    "attrition": ("attrition", "逐条规则 / Count whom each rule of a measure took."),
    "catalogue": (
        "catalogue",
        "目录 / List diseases by specialty group, fragments, sets of measures, measures and mappings, or show one.",
    ),
    "check": (
        "catalogue",
        "检查 / Check a disease or measures: print every fault and likely slip.",
    ),
    "conformance": (
        "conformance",
        "检验病例集 / Write small cases that check how a system computes a measure.",
    ),
    "conformance-score": (
        "conformance",
        "评判 / Say which cases of a deck a system answers wrongly, and which faults would explain it.",
    ),
    "difference": ("difference", "变化 / Say what moved between two days, two exports or readings, or since a freeze."),
    "convert": ("convert", "转换 / Write DATA into FOLDER in another form; what has no place there is counted."),
    "draw": ("catalogue", "路径图 / Draw the pathway of a disease (its id, name or TOML file)."),
    "explain": ("explain", "说明 / Explain the figures of one person, down to file and line."),
    "freeze": ("freeze", "冻结 / Write what DATA counts into a file that can be verified later."),
    "gaps": ("gaps", "缺口 / List what would bring people into the numerator, by whom, until when."),
    "inspect": (
        "inspect",
        "查看 / Look at unknown files: guess a mapping to correct, and say how good the data is.",
    ),
    "kpi": ("kpi", "指标 / Compute the measures of DATA."),
    "measure-report": ("measure_report", "上报 / Write the measures of DATA and their reports as FHIR R4."),
    "measures": ("measures", "指标定义 / List the measures of the sets, show one in words, or say how two differ."),
    "people": ("people", "名单 / List the people (or the rows) behind a figure."),
    "partition": ("partition", "分片 / Write DATA in parts into FOLDER, each person whole in one."),
    "project": ("project", "预测 / Project a cohort's stocks, as they went or with something changed."),
    "reconcile": ("reconcile", "对账 / Compare THEIRS (patient_id, group or numerator) with DATA by person."),
    "report": ("report", "报告 / Write one self-contained HTML page, in Chinese and English; it names no person."),
    "sensitivity": ("sensitivity", "敏感性 / Compute one measure under every reading of its contested words."),
    "simulate": ("simulate", "模拟 / Write a made-up registry with known truth into FOLDER."),
    "transitions": (
        "transitions",
        "转移 / Count who moved from state to state, entered, left and died, step by step.",
    ),
    "verify": ("verify", "核对 / Say whether DATA still gives the figures of a FROZEN file."),
    "worklist": (
        "worklist",
        "待办 / List what is due on a day, what needs care first standing first; --by sorts before that.",
    ),
}
"""By name the module of each command, which is loaded when the command is called, and the first line of its help."""


class Commands(click.Group):
    """A group whose commands end in an exit status and a message, never in a traceback, on a documented error.

    A command is loaded when it is called: to list them takes no longer than to load click.
    """

    def list_commands(self, context: click.Context) -> list[str]:
        """Give the names of the commands."""
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Load a command; ``None`` if there is none of that name."""
        if name not in COMMANDS:
            return None
        module = import_module(f"singledisease.cli.{COMMANDS[name][0]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names of the commands with the first line of their help."""
        room = formatter.width - 6 - max(map(len, COMMANDS))
        listed = [click.Command(name, help=line) for name, (_, line) in COMMANDS.items()]
        with formatter.section("Commands"):
            formatter.write_dl([(str(one.name), one.get_short_help_str(room)) for one in listed])

    def invoke(self, context: click.Context) -> Any:
        """Run the command; turn a documented error into its message and status."""
        try:
            return super().invoke(context)
        except (DataError, DefinitionError) as error:
            return _refuse(context, error, "被拒绝 / refused", REFUSED)
        except UsageError as error:
            return _refuse(context, error, "用法有误 / wrong usage", WRONG_USAGE)
        except SingleDiseaseError as error:
            return _refuse(context, error, "无法进行 / cannot go on", REFUSED)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read the result wants no more of it
                raise
            return _refuse(context, error.strerror or error, "无法读写 / cannot be read or written", REFUSED)


def _refuse(context: click.Context, error: object, what: str, status: int) -> None:
    from singledisease.cli.output import tell  # noqa: PLC0415 - loads what a command has loaded

    tell(f"{what}: {_in_words(context, error)}")
    context.exit(status)


def _in_words(context: click.Context, error: object) -> str:
    """Give what an error says, faults of a definition in Chinese where a command was asked to speak it."""
    from singledisease.cli.options import LANGUAGE, language  # noqa: PLC0415 - loads what a command has loaded
    from singledisease.definitions.wording.fault_words import told_in  # noqa: PLC0415

    asked = context.meta.get(LANGUAGE) or language(os.environ)
    if not isinstance(error, DefinitionError) or asked != "zh" or not error.faults:
        return str(error)
    head = f"定义有误，共 {len(error.faults)} 处 / {error.summary}"
    return "\n  ".join([head, *(told_in(fault, "zh") for fault in error.faults)])


@click.group(
    cls=Commands, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="singledisease")
def singledisease() -> None:
    """Single-disease population management: one event log, one definition, every number explained.

    单病种群体管理：同一事件日志，同一定义，每个数字都有来由。
    """
