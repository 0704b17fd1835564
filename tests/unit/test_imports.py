"""Who may import whom."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASELINE = "components/timestream_baseline"
OURS = {"timestream_baseline", "timestream_policies", "aws_sandbox"}


def imports(path: Path) -> Iterator[str]:
    """Yield every absolute module name that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.parent.relative_to(ROOT).parts[1:]
            base = ".".join(package[: len(package) - node.level + 1])
            yield ".".join(filter(None, [base, node.module]))


def files(*directories: str) -> list[Path]:
    found = [path for directory in directories for path in sorted((ROOT / directory).rglob("*.py"))]
    return [path for path in found if not {".venv", "node_modules"} & set(path.relative_to(ROOT).parts)]


def offenders(directory: str, forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files(directory)
        for name in imports(path)
        if any(name == bad or name.startswith(f"{bad}.") for bad in forbidden)
    ]


@pytest.mark.parametrize(
    ("directory", "forbidden"),
    [
        pytest.param("policies", {"timestream_baseline", "aws_sandbox", "pulumi_aws"}, id="policies"),
        pytest.param("components", {"timestream_policies", "aws_sandbox"}, id="components"),
        pytest.param("sandbox", {"timestream_baseline", "timestream_policies"}, id="sandbox"),
        pytest.param(
            f"{BASELINE}/documents", {"pulumi", "pulumi_aws", "boto3"}, id="documents, other packages"
        ),
    ],
)
def test_no_forbidden_import(directory: str, forbidden: set[str]) -> None:
    assert files(directory)
    assert offenders(directory, forbidden) == []


def test_documents_import_nothing_of_ours_but_documents() -> None:
    names = {name for path in files(f"{BASELINE}/documents") for name in imports(path)}
    ours = {name for name in names if name.split(".")[0] in OURS}
    assert {name for name in ours if not name.startswith("timestream_baseline.documents")} == set()


def test_annotations_stay_real_objects_where_the_schema_is_inferred() -> None:
    # With postponed annotations the component host cannot infer the schema.
    inferred = [
        path
        for path in files("components")
        if "typing.TypedDict" in set(imports(path))
        or "ComponentResource)" in path.read_text(encoding="utf-8")
    ]
    assert inferred
    assert [str(path.relative_to(ROOT)) for path in inferred if "__future__" in set(imports(path))] == []
