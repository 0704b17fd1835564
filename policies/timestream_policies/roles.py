"""What a role, user or group may do: all of its policies, wherever they are written."""

from collections.abc import Iterable, Iterator

from timestream_policies.documents import Statement
from timestream_policies.model import Resource
from timestream_policies.stack import Stack
from timestream_policies.types import (
    ATTACH_SEVERAL,
    ATTACHMENTS,
    GROUP,
    GROUP_MEMBERSHIP,
    GROUP_POLICIES_EXCLUSIVE,
    GROUP_POLICY,
    GROUP_POLICY_ATTACHMENT,
    MANAGED_POLICY,
    POLICY_ATTACHMENT,
    ROLE,
    ROLE_POLICIES_EXCLUSIVE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    USER,
    USER_GROUP_MEMBERSHIP,
    USER_POLICIES_EXCLUSIVE,
    USER_POLICY,
    USER_POLICY_ATTACHMENT,
)
from timestream_policies.undecided import Undecided, Words

# Where a policy or an attachment names who has it.
OWNERS = {
    ROLE: (
        (ROLE_POLICY, "role"),
        (ROLE_POLICY_ATTACHMENT, "role"),
        (ROLE_POLICIES_EXCLUSIVE, "roleName"),
        (POLICY_ATTACHMENT, "roles"),
    ),
    USER: (
        (USER_POLICY, "user"),
        (USER_POLICY_ATTACHMENT, "user"),
        (USER_POLICIES_EXCLUSIVE, "userName"),
        (POLICY_ATTACHMENT, "users"),
    ),
    GROUP: (
        (GROUP_POLICY, "group"),
        (GROUP_POLICY_ATTACHMENT, "group"),
        (GROUP_POLICIES_EXCLUSIVE, "groupName"),
        (POLICY_ATTACHMENT, "groups"),
    ),
}
_ARNS = {
    **dict.fromkeys(ATTACHMENTS, "policyArn"),
    **dict.fromkeys(ATTACH_SEVERAL, "policyArns"),
    ROLE: "managedPolicyArns",
}
ATTACH_A_POLICY = tuple(type_ for type_ in ATTACHMENTS if type_ != ROLE)


def place_of_arns(attachment: Resource) -> str:
    """Return the property that names the policies which an attachment attaches."""
    return _ARNS[attachment.type]


def attached(attachment: Resource, stack: Stack) -> Words[str]:
    """Return the ARNs of the attached policies; those that come from policies of this stack may lack."""
    arns = attachment.words(place_of_arns(attachment))
    if arns.unknown is not None and stack.find_behind(attachment, place_of_arns(attachment), MANAGED_POLICY):
        return Words(arns.known)
    return arns


def policies_of(owner: Resource, stack: Stack) -> Iterator[Resource]:
    """Yield the policies and attachments of a role, a group, or a user with its groups."""
    yield from _own_policies(owner, stack)
    if owner.type != USER:
        return
    for type_, path, group_path in (
        (USER_GROUP_MEMBERSHIP, "user", "groups"),
        (GROUP_MEMBERSHIP, "users", "group"),
    ):
        for membership in stack.referring(owner, type_, path):
            for group in stack.behind(membership, group_path, GROUP):
                yield from _own_policies(group, stack)


def _own_policies(owner: Resource, stack: Stack) -> Iterator[Resource]:
    if owner.type == ROLE:
        yield owner
        yield from stack.behind(owner, "managedPolicyArns", MANAGED_POLICY)
    for type_, path in OWNERS[owner.type]:
        for policy in stack.referring(owner, type_, path):
            yield policy
            if type_ in ATTACHMENTS:
                yield from stack.behind(policy, place_of_arns(policy), MANAGED_POLICY)


def statements_of(owner: Resource, stack: Stack) -> Words[Statement]:
    """Return all statements of a role, user or group: those that are known first."""
    return stack.once(f"statements of {owner.urn}", lambda: _statements_of(owner, stack))


def _statements_of(owner: Resource, stack: Stack) -> Words[Statement]:
    found: list[Statement] = []
    unknown: Undecided | None = None
    policies = policies_of(owner, stack)
    while True:
        try:
            policy = next(policies)
        except StopIteration:
            break
        except Undecided as undecided:
            unknown = undecided
            break
        try:
            found.extend(statements_in(policy))
        except Undecided as undecided:
            unknown = undecided
    return Words(found, unknown)


def statements_in(policy: Resource) -> Iterable[Statement]:
    """Return the statements of an identity policy, or of a role's inline policies."""
    if policy.type in ATTACH_A_POLICY:
        return []
    if policy.type == ROLE:
        documents = [inline.document("policy") for inline in policy.each("inlinePolicies")]
    else:
        documents = [policy.document("policy")]
    return [statement for document in documents if document for statement in document.statements]


def is_only_a_boundary(policy: Resource, stack: Stack) -> bool:
    """Tell whether a managed policy limits roles or users, and is attached to nobody: it grants nothing."""
    if policy.type != MANAGED_POLICY:
        return False
    limited = any(stack.referring(policy, type_, "permissionsBoundary") for type_ in (ROLE, USER))
    return limited and not any(stack.referring(policy, type_, _ARNS[type_]) for type_ in ATTACHMENTS)


def stray(stack: Stack, type_: str, path: str) -> Resource | None:
    """Return a resource of which nobody knows yet to whom it refers."""
    found = stack.once(
        f"{type_} of nobody knows whom, by {path}",
        lambda: [
            resource
            for resource in stack.of_type(type_)
            if resource.words(path).unknown is not None and not resource.property_dependencies.get(path)
        ],
    )
    return found[0] if found else None


def holders_of(policy: Resource, stack: Stack) -> Iterator[tuple[str, Words[str]]]:
    """Yield the type and the names of everybody who has a managed policy."""
    for role in stack.referring(policy, ROLE, "managedPolicyArns"):
        yield ROLE, names_of(role)
    for owner_type, places in OWNERS.items():
        for type_, path in places:
            if type_ in ATTACHMENTS:
                for attachment in stack.referring(policy, type_, _ARNS[type_]):
                    yield from owners_of(attachment, path, owner_type, stack)


def owners_of(policy: Resource, path: str, owner_type: str, stack: Stack) -> Iterator[tuple[str, Words[str]]]:
    """Yield the type and the names of everybody whom a policy or an attachment names."""
    words = policy.words(path)
    if words.known or words.unknown is not None:
        owners = stack.find_behind(policy, path, owner_type)
        for owner in owners:
            yield owner_type, names_of(owner)
        if not owners:
            for name in words:
                yield owner_type, Words((str(name),))


def names_of(owner: Resource) -> Words[str]:
    """Return what a role, user or group is called in the program and in AWS."""
    given = owner.words("name")
    return Words((owner.name, *given.known), given.unknown)


def aws_policy(arn: object) -> str:
    """Return the name of a policy that AWS manages; the empty text for any other."""
    fields = str(arn).split(":", 5)
    return fields[5].rsplit("/", 1)[-1] if len(fields) == 6 and fields[4] == "aws" else ""


def aws_policies_of(owner: Resource, stack: Stack) -> Iterator[str]:
    """Yield the names of the policies of AWS that a role, user or group has."""
    for policy in policies_of(owner, stack):
        if policy.type in ATTACHMENTS:
            yield from (name for arn in policy.words(place_of_arns(policy)) if (name := aws_policy(arn)))
