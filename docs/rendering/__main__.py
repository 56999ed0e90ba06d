"""Write the generated pages: ``python -m rendering FOLDER``, with ``docs`` on the path."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rendering import catalogue, definition_file, language, measure_file, reference, spec, violations


def main(folder: Path) -> None:
    """Write every page anew."""
    shutil.rmtree(folder, ignore_errors=True)
    reference.render(folder)
    definition_file.render(folder)
    measure_file.render(folder)
    language.render(folder)
    violations.render(folder / "violations.md")
    catalogue.render(folder / "catalogue")
    spec.render(folder / "spec")


main(Path(sys.argv[1]))
