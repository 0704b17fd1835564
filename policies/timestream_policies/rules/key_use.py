"""Rules on what keys are called, and on who may use them for what."""

from collections.abc import Iterator
from functools import lru_cache

import timestream_policies.examples.key_use as examples
from timestream_policies.documents import Principal, Statement
from timestream_policies.key_policies import (
    ADMINISTERS,
    GRANTS,
    USES,
    covers,
    is_account,
    is_administrator,
    is_for_resources,
    is_person_or_role,
    is_through_services,
)
from timestream_policies.model import Finding, Resource
from timestream_policies.resource_policies import allowing
from timestream_policies.rule import Severity, rule
from timestream_policies.rules.access import granting
from timestream_policies.rules.keys import KEY_POLICIES_PAGE, WITH_POLICY
from timestream_policies.types import CUSTOMER_KEYS, EXTERNAL_KEY, IDENTITY_POLICIES, KEY
from timestream_policies.undecided import any_of
from timestream_policies.wildcards import covers_everything, matches

CONDITIONS_PAGE = "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"
SHORTEST_DESCRIPTION = 6
# What providers write where the program says nothing.
WITHOUT_MEANING = frozenset({"managed by pulumi", "managed by terraform"})


@rule(
    "TS-KMS-008",
    title="Keys say what they are for",
    severity=Severity.LOW,
    applies_to=CUSTOMER_KEYS,
    why="Nobody dares to delete a key, or knows what is lost with it, if it does not say what it protects.",
    fix="Set description to what the key protects, in six characters or more.",
    snippet=examples.SNIPPET,
    good=examples.DESCRIBED_GOOD,
    bad=examples.DESCRIBED_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"]},
    equivalents={"compliance-policies": ["aws-kms-key-missing-description"]},
    catalogue=["KMS-07"],
    links=["https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html"],
)
def keys_are_described(key: Resource) -> Iterator[Finding]:
    """Judge the description."""
    text = str(key.get("description", "")).strip()
    if not text:
        yield key.finding("does not say what it is for", at="description")
    elif len(text) < SHORTEST_DESCRIPTION or text.lower() in WITHOUT_MEANING:
        yield key.finding(f"says only {text!r} about what it is for", at="description")


@rule(
    "TS-KMS-009",
    title="Keys stay in one region",
    severity=Severity.LOW,
    applies_to=[KEY, EXTERNAL_KEY],
    why="The material of a multi-region key can be copied to where other rules and other people apply.",
    fix="Leave multi_region out, unless backups or copies in another region need the same key.",
    snippet=examples.SNIPPET,
    good=examples.SINGLE_REGION_GOOD,
    bad=examples.SINGLE_REGION_BAD,
    controls={"iso-27001-2022": ["A.8.24"]},
    equivalents={"prowler": ["kms_cmk_not_multi_region"]},
    catalogue=["KMS-08"],
    links=["https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html"],
)
def keys_stay_in_one_region(key: Resource) -> Iterator[Finding]:
    """Judge the flag, which nothing can change later."""
    if key.flag("multiRegion"):
        yield key.finding("can be copied to every region", at="multiRegion")


@rule(
    "TS-KMS-010",
    title="Keys are used through named services or by named accounts only",
    severity=Severity.MEDIUM,
    applies_to=WITH_POLICY,
    why="Without kms:ViaService whoever holds the role decrypts past Timestream, which would ask and log.",
    fix="Add a condition on kms:ViaService (timestream.REGION.amazonaws.com) or on kms:CallerAccount.",
    snippet=examples.SNIPPET,
    good=examples.THROUGH_GOOD,
    bad=examples.THROUGH_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "nist-800-53-r5": ["AC-6", "SC-12"]},
    catalogue=["GAP-14"],
    links=[CONDITIONS_PAGE],
)
def keys_are_used_through_services(key: Resource) -> Iterator[Finding]:
    """Judge the statements that let somebody but the account and services use the key's material."""
    for statement in allowing(key):
        with statement:
            if not covers(statement, *USES, GRANTS) or is_through_services(statement):
                continue
            if not covers(statement, *USES) and is_for_resources(statement):
                continue
            for principal in _used_by(statement):
                if not is_administrator(principal, key):
                    yield key.finding(
                        f"lets {principal} use it without naming the service or the account ({statement})",
                        at="policy",
                        key=f"policy/{statement.key}/{principal}",
                    )


def _used_by(statement: Statement) -> Iterator[Principal]:
    for principal in statement.principals:
        if is_person_or_role(principal):
            yield principal


@rule(
    "TS-KMS-011",
    title="Grants on keys are made for resources of AWS only",
    severity=Severity.MEDIUM,
    applies_to=[*WITH_POLICY, *IDENTITY_POLICIES],
    why="Whoever may make any grant can hand the key to any other principal, past policy and IAM.",
    fix='Add the condition "Bool": {"kms:GrantIsForAWSResource": "true"} beside kms:CreateGrant.',
    snippet=examples.SNIPPET,
    good=examples.GRANTS_GOOD,
    bad=examples.GRANTS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.2"], "nist-800-53-r5": ["AC-6", "SC-12"]},
    equivalents={"checkov": ["CKV_AWS_289"]},
    catalogue=["GAP-15"],
    links=[CONDITIONS_PAGE],
)
def grants_are_for_resources(policy: Resource) -> Iterator[Finding]:
    """Judge the statements of key policies and identity policies that allow grants."""
    if policy.type in IDENTITY_POLICIES:
        for at, statement in granting(policy):
            with statement:
                if any_of(statement.actions, _names_grants) and not is_for_resources(statement):
                    yield policy.finding(
                        f"allows any grant on keys ({statement})", at=at, key=f"{at}/{statement.key}"
                    )
        return
    for statement in allowing(policy):
        with statement:
            if not covers(statement, GRANTS) or is_for_resources(statement):
                continue
            for principal in _used_by(statement):
                yield policy.finding(
                    f"lets {principal} make any grant on it ({statement})",
                    at="policy",
                    key=f"policy/{statement.key}/{principal}",
                )


@lru_cache(maxsize=4096)
def _names_grants(pattern: str) -> bool:
    """Tell whether a pattern allows grants; `*` and `kms:*` are what other rules find."""
    service, _, action = pattern.partition(":")
    return service == "kms" and not covers_everything(action) and matches(pattern, GRANTS)


@rule(
    "TS-KMS-012",
    title="Who administers a key does not use it",
    severity=Severity.LOW,
    applies_to=WITH_POLICY,
    why="One who may both change the policy and decrypt needs nobody else to read everything.",
    fix="Give administration and use to two principals, or administration to the account root.",
    snippet=examples.SNIPPET,
    good=examples.SEPARATE_GOOD,
    bad=examples.SEPARATE_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.4"],
        "nist-800-53-r5": ["AC-5"],
        "aws-timestream-security": ["security-best-practices"],
    },
    catalogue=["GAP-16"],
    links=[KEY_POLICIES_PAGE],
)
def administrators_do_not_use_keys(key: Resource) -> Iterator[Finding]:
    """Compare who holds the one kind of actions with who holds the other."""
    administers: dict[str, Statement] = {}
    uses: dict[str, Statement] = {}
    for statement in allowing(key):
        with statement:
            for held, actions in ((administers, ADMINISTERS), (uses, USES)):
                if covers(statement, *actions):
                    held.update((principal.value, statement) for principal in _holders(statement))
    for who in administers:
        if who in uses:
            yield key.finding(
                f"is administered and used by {who} ({administers[who]}, {uses[who]})",
                at="policy",
                key=f"policy/{who}",
            )


def _holders(statement: Statement) -> Iterator[Principal]:
    for principal in statement.principals:
        if principal.kind == "AWS" and not is_account(principal):
            yield principal
