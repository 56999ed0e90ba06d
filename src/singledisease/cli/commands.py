"""The group of commands, and what becomes of errors: 1 the data or definition was refused, 2 wrong usage."""

from __future__ import annotations

from typing import Any

import click

from singledisease import __version__
from singledisease.cli.catalogue import catalogue, check, draw
from singledisease.cli.explain import explain
from singledisease.cli.inspect import inspect
from singledisease.cli.kpi import kpi
from singledisease.cli.output import tell
from singledisease.cli.project import project
from singledisease.cli.report import report
from singledisease.cli.simulate import simulate
from singledisease.cli.transitions import transitions
from singledisease.cli.worklist import worklist
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


class Commands(click.Group):
    """A group whose commands end in an exit status and a message, never in a traceback, on a documented error."""

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


def _refuse(context: click.Context, error: SingleDiseaseError, what: str, status: int) -> None:
    tell(f"{what}: {error}")
    context.exit(status)


@click.group(
    cls=Commands, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="singledisease")
def singledisease() -> None:
    """Single-disease population management: one event log, one definition, every number explained.

    单病种群体管理：同一事件日志，同一定义，每个数字都有来由。
    """


for _command in (inspect, kpi, explain, worklist, transitions, project, catalogue, draw, check, simulate, report):
    singledisease.add_command(_command)
