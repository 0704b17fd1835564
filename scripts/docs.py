"""`make docs`: writes the generated pages, and the generated parts of pages, again.

What is generated is data that lives in the code: arguments and outputs, defaults, rules, permissions, what
the sandbox has, and the programs that the pages show. A test fails when a page is stale.
"""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.pages.controls import controls  # noqa: E402 - as a script, only its own folder is known
from scripts.pages.datasheet import datasheet  # noqa: E402
from scripts.pages.inputs import inputs, schema_text  # noqa: E402
from scripts.pages.permissions import permissions, policies  # noqa: E402
from scripts.pages.rules import migration, rules, subjects  # noqa: E402
from scripts.pages.sandbox import sandbox_types  # noqa: E402
from scripts.pages.settings import settings  # noqa: E402
from scripts.pages.text import between  # noqa: E402

INCLUDED = re.compile(r"<!-- (?P<path>examples/\S+) -->\n```(?P<language>\w+)\n.*?```", re.DOTALL)


def pages() -> dict[Path, str]:
    """Return every page with a generated part, as it has to be."""
    made = {
        ROOT / "components" / "schema.json": schema_text(),
        ROOT / "docs" / "inputs.md": inputs(),
        **{ROOT / "docs" / "permissions" / f"{part}.json": text for part, text in policies().items()},
        ROOT / "docs" / "rules.md": rules(),
        **{ROOT / "docs" / "rules" / name: text for name, text in subjects().items()},
        ROOT / "docs" / "coming-from.md": migration(),
        ROOT / "docs" / "settings.md": settings(),
        ROOT / "docs" / "controls.md": controls(),
    }
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = made.get(page) or page.read_text(encoding="utf-8")
        if INCLUDED.search(text):
            made[page] = INCLUDED.sub(included, text)
    page = ROOT / "docs" / "permissions.md"
    made[page] = between(page.read_text(encoding="utf-8"), "policies", permissions())
    page = ROOT / "README.md"
    made[page] = between(made.get(page) or page.read_text(encoding="utf-8"), "defaults", datasheet())
    readme = ROOT / "sandbox" / "README.md"
    made[readme] = between(readme.read_text(encoding="utf-8"), "types", sandbox_types())
    return made


def included(match: re.Match[str]) -> str:
    """Return a code block that shows an example file."""
    source = (ROOT / match["path"]).read_text(encoding="utf-8")
    return f"<!-- {match['path']} -->\n```{match['language']}\n{source}```"


def main() -> int:
    """Write what is stale."""
    argparse.ArgumentParser(
        prog="make docs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
