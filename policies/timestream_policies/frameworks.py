"""Frameworks as data: their controls, and why no rule answers some of them.

Of the two that are about Timestream every control is here. Of the others the controls are those
that rules name: a gate on stacks answers a small part of them, and says so.
"""

from collections.abc import Iterable, Mapping

import msgspec

from timestream_policies.rule import Rule

CIS_DATABASES = "cis-aws-db-2.0.0"
AWS_TIMESTREAM = "aws-timestream-security"


class Control(msgspec.Struct, frozen=True):
    """One control. `reason` says what a stack cannot show of it, and who can."""

    id: str
    title: str
    reason: str = ""


class Framework(msgspec.Struct, frozen=True):
    """A framework; without controls here, those that rules name are all that is told of it."""

    id: str
    title: str
    controls: tuple[Control, ...] = ()


FRAMEWORKS: Mapping[str, Framework] = {
    framework.id: framework
    for framework in (
        Framework(
            CIS_DATABASES,
            "CIS AWS Database Services Benchmark v2.0.0, section 10",
            (
                Control("10.1", "Data ingestion is secure"),
                Control(
                    "10.2",
                    "Data at rest is encrypted",
                    "The memory store is encrypted by AWS with a key of its own: inherited.",
                ),
                Control(
                    "10.3",
                    "Data in transit is encrypted",
                    "Inherited for the service itself: Timestream takes TLS only, and nothing turns it off.",
                ),
                Control("10.4", "Access is controlled and authenticated"),
                Control(
                    "10.5",
                    "Access is fine-grained",
                    "Columns and rows: not applicable, as IAM has no such resource for Timestream.",
                ),
                Control("10.6", "Audit logging is on"),
                Control(
                    "10.7",
                    "Updates and patches are applied",
                    "Inherited for LiveAnalytics: AWS patches the service, and no setting changes that.",
                ),
                Control("10.8", "Monitoring and alerting are on"),
                Control(
                    "10.9",
                    "The security configuration is reviewed regularly",
                    "Process: people review; this report, kept with its date, is the evidence.",
                ),
                Control("10.10", "Backups are automated"),
            ),
        ),
        Framework(
            AWS_TIMESTREAM,
            "Security in Amazon Timestream (AWS's own guide)",
            (
                Control(
                    "security-best-practices",
                    "Security best practices: least privilege, roles, encryption, CloudTrail",
                    "Client-side encryption is code of the application: process.",
                ),
                Control(
                    "data-protection",
                    "Data protection: encryption at rest and in transit, keys, private networks",
                    "Encryption in transit is inherited: Timestream takes TLS only.",
                ),
            ),
        ),
        Framework("cis-aws-7.0.0", "CIS AWS Foundations Benchmark v7.0.0"),
        Framework("cis-aws-5.0.0", "CIS AWS Foundations Benchmark v5.0.0"),
        Framework("cis-aws-3.0.0", "CIS AWS Foundations Benchmark v3.0.0"),
        Framework("nist-800-53-r5", "NIST SP 800-53 revision 5"),
        Framework("pci-dss-4.0", "PCI DSS v4.0"),
        Framework("hipaa", "HIPAA Security Rule"),
        Framework("soc-2", "SOC 2 trust services criteria"),
        Framework("iso-27001-2022", "ISO/IEC 27001:2022, annex A"),
        Framework("aws-fsbp", "AWS Foundational Security Best Practices"),
    )
}


def frameworks_of(rules: Iterable[Rule]) -> dict[str, Framework]:
    """Return the frameworks that are known here or named by rules, each with its controls."""
    named: dict[str, set[str]] = {name: set() for name in FRAMEWORKS}
    for rule in rules:
        for name, controls in rule.controls.items():
            named.setdefault(name, set()).update(controls)
    return {
        name: Framework(name, known.title if known else name, _controls(known, controls))
        for name, controls in named.items()
        for known in [FRAMEWORKS.get(name)]
    }


def _controls(known: Framework | None, named: set[str]) -> tuple[Control, ...]:
    written = known.controls if known else ()
    more = named - {control.id for control in written}
    return (*written, *(Control(id_, "") for id_ in sorted(more, key=_natural)))


def _natural(control: str) -> list[tuple[int, int | str]]:
    """Return a key that sorts 10.9 before 10.10."""
    words = control.replace("(", ".").replace("-", ".").split(".")
    return [(0, int(word)) if word.isdigit() else (1, word) for word in words]
