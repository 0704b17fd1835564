"""The pages say what is true: examples are the files that run, links lead somewhere, commands exist."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from scripts.pages.inputs import TYPE, kind, schema
from timestream_baseline.inputs.access import AccessRolesPart
from timestream_baseline.inputs.audit import AuditTrailPart
from timestream_baseline.inputs.backup import BackupPart
from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.inputs.databases import LiveAnalyticsPart
from timestream_baseline.inputs.encryption import EncryptionKeyPart
from timestream_baseline.inputs.influxdb import InfluxDbPart, NoKeyYet
from timestream_baseline.inputs.kinds import InputText
from timestream_baseline.inputs.mistakes import camel_case
from timestream_baseline.inputs.monitoring import MonitoringPart
from timestream_baseline.inputs.network import PrivateEndpointsPart
from timestream_baseline.inputs.records import InputListOf, ListOf, MapOf, Record

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("sandbox/*.md"))]
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
ANCHOR = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]*)#([^)\s]+)\)")
FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
TARGET = re.compile(r"^(?:\$ )?make ([a-z]+)", re.MULTILINE)

# What reads the arguments of each class.
SETTINGS = {
    "TimestreamBaseline": Baseline,
    "EncryptionKey": EncryptionKeyPart,
    "LiveAnalytics": LiveAnalyticsPart,
    "InfluxDb": InfluxDbPart,
    "PrivateEndpoints": PrivateEndpointsPart,
    "AuditTrail": AuditTrailPart,
    "AccessRoles": AccessRolesPart,
    "Monitoring": MonitoringPart,
    "Backup": BackupPart,
}


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_to_files_that_exist(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = HEADING.findall(FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_to_headings_that_exist(page: Path) -> None:
    named = ANCHOR.findall(page.read_text(encoding="utf-8"))
    missing = [
        f"{path}#{anchor}"
        for path, anchor in named
        if anchor not in anchors(page.parent / path if path else page)
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = TARGET.findall(page.read_text(encoding="utf-8"))
    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_generated_parts_are_not_stale() -> None:
    from scripts.docs import pages

    stale = [page_id(path) for path, text in pages().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run 'make docs'"


def computed(reader: Any) -> tuple[bool, bool]:
    """Say whether a value, and whether something in it, may be computed: from what reads it."""
    if isinstance(reader, (ListOf, MapOf)):
        return False, any(computed(reader.item))
    whole = isinstance(reader, (InputText, InputListOf, NoKeyYet))
    return whole, whole


def differences(settings: Any, properties: dict[str, Any]) -> Iterator[str]:
    """Yield what the page says otherwise than what reads the arguments."""
    readers = {
        camel_case(field.name): field.metadata["kind"]
        for field in fields(settings)
        if "kind" in field.metadata
    }
    assert readers.keys() == properties.keys()
    for name, reader in readers.items():
        inner, spec, shown = reader, properties[name], kind(properties[name])
        while isinstance(inner, (ListOf, MapOf)):
            inner, spec = inner.item, spec.get("items") or spec["additionalProperties"]
        if isinstance(inner, Record):
            properties_of = schema()["types"][spec["$ref"].removeprefix("#/types/")]["properties"]
            yield from (f"{name}.{it}" for it in differences(inner.settings, properties_of))
        elif (shown.startswith("computed"), "computed" in shown) != computed(reader):
            yield f"{name}: {shown}"


@pytest.mark.parametrize("name", SETTINGS)
def test_what_the_page_calls_computed_may_be_computed(name: str) -> None:
    properties = schema()["resources"][f"{TYPE}{name}"]["inputProperties"]
    assert list(differences(SETTINGS[name], properties)) == []
