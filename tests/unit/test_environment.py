"""The files that install this project agree with each other."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)
DISTRIBUTIONS = {
    "components": "timestream-baseline",
    "policies": "timestream-policies",
    "sandbox": "aws-sandbox",
}


def versions(path: str) -> dict[str, str]:
    text = (ROOT / path).read_text(encoding="utf-8")
    return {match["name"].lower(): match["version"] for match in REQUIREMENT.finditer(text)}


def test_requirements_txt_names_exactly_the_versions_of_the_lock() -> None:
    assert versions("requirements.txt") == versions("requirements.lock")


@pytest.mark.parametrize("inner", ["components", "policies"])
def test_the_package_and_the_pack_install_versions_of_the_lock(inner: str) -> None:
    lock = versions("requirements.lock")
    inner_versions = versions(f"{inner}/requirements.txt")
    assert inner_versions
    assert {name: lock.get(name) for name in inner_versions} == inner_versions


@pytest.mark.parametrize(
    ("path", "packages"),
    [
        ("requirements.txt", ["./components", "./policies", "./sandbox"]),
        ("components/requirements.txt", ["."]),
        ("policies/requirements.txt", ["."]),
    ],
)
def test_pulumi_install_also_installs_the_local_packages(path: str, packages: list[str]) -> None:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    assert [line.removeprefix("-e ") for line in lines if line.startswith("-e ")] == packages


def test_every_version_of_the_lock_has_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert [
        block.splitlines()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block
    ] == []


def test_the_lock_records_no_download_address() -> None:
    for name in ("requirements.lock", "requirements.txt", "sandbox/engine/requirements.lock"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8"), name
    assert '"resolved"' not in (ROOT / "tests/node/package-lock.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(("directory", "name"), DISTRIBUTIONS.items())
def test_distributions_are_not_named_like_provider_plugins(directory: str, name: str) -> None:
    # For a distribution named pulumi-… the official host looks for a provider plugin of that name.
    project = tomllib.loads((ROOT / directory / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == name


def test_the_engine_and_the_sdk_are_of_one_version() -> None:
    go = (ROOT / "sandbox/engine/go.mod").read_text(encoding="utf-8")
    engine = re.search(r"github.com/pulumi/pulumi/pkg/v3 v(\S+)", go)
    assert engine is not None
    assert engine[1] == versions("requirements.lock")["pulumi"]
