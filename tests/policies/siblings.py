"""The same content in the other place where the provider takes it: inline, or in a resource of its own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from tests.policies.helpers import UNKNOWN
from timestream_policies import types
from timestream_policies.examples import Given

Content = Mapping[str, Any]
Stack = tuple[Given, ...]


@dataclass(frozen=True)
class Move:
    """A property of an owner, and the resource that can hold the same content.

    `apart` makes the properties of each separate resource from the property's value, `inline` the
    owner's properties from those of one separate resource; None where they have no such form.
    """

    owner: str
    place: str
    sibling: str
    link: str
    apart: Callable[[Any], list[dict[str, Any]]]
    inline: Callable[[Content], dict[str, Any] | None]

    @property
    def name(self) -> str:
        return f"{self.owner.rpartition(':')[2]}.{self.place} and {self.sibling.rpartition(':')[2]}"


def same(owner: str, sibling: str, link: str, name: str = "policy", within: str = "") -> Move:
    """Return a move that changes nothing but the place."""
    held = within or name
    return Move(
        owner,
        name,
        sibling,
        link,
        lambda value: [{held: value}],
        lambda content: {name: content[held]} if held in content else None,
    )


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _single(value: Any) -> dict[str, Any]:
    found = value[0] if isinstance(value, list) else value
    return found if isinstance(found, dict) else {}


def _versioning_apart(value: Any) -> list[dict[str, Any]]:
    said = _single(value)
    status = {"status": "Enabled" if said.get("enabled") in (True, "true") else "Suspended"}
    deletion = {"mfaDelete": "Enabled"} if said.get("mfaDelete") in (True, "true") else {}
    return [{"versioningConfiguration": {**status, **deletion}}]


def _versioning_inline(content: Content) -> dict[str, Any]:
    said = _single(content.get("versioningConfiguration", {}))
    deletion = {"mfaDelete": True} if said.get("mfaDelete") == "Enabled" else {}
    return {"versioning": {"enabled": said.get("status") == "Enabled", **deletion}}


def _encryption_apart(value: Any) -> list[dict[str, Any]]:
    said = _single(value)
    return [{"rules": _items(said.get("rules", said.get("rule", [])))}]


def _encryption_inline(content: Content) -> dict[str, Any] | None:
    rules = content.get("rules")
    if not isinstance(rules, list) or len(rules) != 1:
        return None
    return {"serverSideEncryptionConfiguration": {"rule": rules[0]}}


def _inline_policies(content: Content) -> dict[str, Any] | None:
    if "policy" not in content:
        return None
    return {"inlinePolicies": [{"name": content.get("name", "inline"), "policy": content["policy"]}]}


def _rule_apart(direction: str) -> Callable[[Any], list[dict[str, Any]]]:
    def apart(value: Any) -> list[dict[str, Any]]:
        made = []
        for item in _items(value):
            plain = {key: found for key, found in item.items() if key not in ("securityGroups", "self")}
            if plain.get("cidrBlocks") or plain.get("ipv6CidrBlocks") or plain.get("prefixListIds"):
                made.append({"type": direction, **plain})
            made += [
                {
                    "type": direction,
                    **{k: v for k, v in plain.items() if not k.endswith(("Blocks", "ListIds"))},
                    "sourceSecurityGroupId": group,
                }
                for group in item.get("securityGroups", ())
            ]
        return made

    return apart


def _rule_inline(direction: str) -> Callable[[Content], dict[str, Any] | None]:
    def inline(content: Content) -> dict[str, Any] | None:
        if content.get("type") != direction or "fromPort" not in content:
            return None
        kept = (
            "protocol",
            "fromPort",
            "toPort",
            "cidrBlocks",
            "ipv6CidrBlocks",
            "description",
            "prefixListIds",
        )
        group = content.get("sourceSecurityGroupId")
        return {
            direction: [
                {
                    **{key: content[key] for key in kept if key in content},
                    **({"securityGroups": [group]} if group else {}),
                }
            ]
        }

    return inline


_SINGLE = (("cidrBlocks", "cidrIpv4"), ("ipv6CidrBlocks", "cidrIpv6"), ("prefixListIds", "prefixListId"))


def _single_rule_apart(value: Any) -> list[dict[str, Any]]:
    made = []
    for item in _items(value):
        common = {
            new: item[old]
            for old, new in (
                ("protocol", "ipProtocol"),
                ("fromPort", "fromPort"),
                ("toPort", "toPort"),
                ("description", "description"),
            )
            if old in item
        }
        for many, one in (*_SINGLE, ("securityGroups", "referencedSecurityGroupId")):
            made += [{**common, one: found} for found in item.get(many, ())]
    return made


def _single_rule_inline(direction: str) -> Callable[[Content], dict[str, Any] | None]:
    def inline(content: Content) -> dict[str, Any] | None:
        item = {"protocol": content.get("ipProtocol"), "fromPort": content.get("fromPort", 0)}
        item["toPort"] = content.get("toPort", 0)
        for many, one in (*_SINGLE, ("securityGroups", "referencedSecurityGroupId")):
            if one in content:
                item[many] = [content[one]]
        if "description" in content:
            item["description"] = content["description"]
        return {direction: [item]}

    return inline


POLICIES = (
    same(types.KEY, types.KEY_POLICY, "keyId"),
    same(types.TOPIC, types.TOPIC_POLICY, "arn"),
    same(types.QUEUE, types.QUEUE_POLICY, "queueUrl"),
    same(types.SECRET, types.SECRET_POLICY, "secretArn"),
    same(types.VPC_ENDPOINT, types.VPC_ENDPOINT_POLICY, "vpcEndpointId"),
    same(types.BUCKET, types.BUCKET_POLICY, "bucket"),
)
BUCKETS = (
    same(types.BUCKET, types.BUCKET_ACL, "bucket", "acl"),
    Move(
        types.BUCKET, "versioning", types.BUCKET_VERSIONING, "bucket", _versioning_apart, _versioning_inline
    ),
    Move(
        types.BUCKET,
        "serverSideEncryptionConfiguration",
        types.BUCKET_ENCRYPTION,
        "bucket",
        _encryption_apart,
        _encryption_inline,
    ),
    same(types.BUCKET, types.BUCKET_CORS, "bucket", "corsRules"),
    Move(
        types.BUCKET,
        "website",
        types.BUCKET_WEBSITE,
        "bucket",
        lambda value: [
            {
                name: {{"indexDocument": "suffix", "errorDocument": "key"}[name]: found}
                for name, found in _single(value).items()
                if name in ("indexDocument", "errorDocument")
            }
        ],
        lambda content: (
            {"website": {"indexDocument": _single(content.get("indexDocument", {})).get("suffix")}}
            if _single(content.get("indexDocument", {})).get("suffix")
            else None
        ),
    ),
)
ROLES = (
    Move(
        types.ROLE,
        "inlinePolicies",
        types.ROLE_POLICY,
        "role",
        lambda value: [dict(item) for item in _items(value)],
        _inline_policies,
    ),
    Move(
        types.ROLE,
        "managedPolicyArns",
        types.ROLE_POLICY_ATTACHMENT,
        "role",
        lambda value: [{"policyArn": arn} for arn in _items(value)],
        lambda content: {"managedPolicyArns": [content["policyArn"]]} if "policyArn" in content else None,
    ),
)
GROUPS = (
    *(
        Move(
            types.SECURITY_GROUP,
            direction,
            types.SECURITY_GROUP_RULE,
            "securityGroupId",
            _rule_apart(direction),
            _rule_inline(direction),
        )
        for direction in ("ingress", "egress")
    ),
    *(
        Move(
            types.SECURITY_GROUP,
            direction,
            sibling,
            "securityGroupId",
            _single_rule_apart,
            _single_rule_inline(direction),
        )
        for direction, sibling in (
            ("ingress", types.SECURITY_GROUP_INGRESS_RULE),
            ("egress", types.SECURITY_GROUP_EGRESS_RULE),
        )
    ),
)
MOVES = (*POLICIES, *BUCKETS, *ROLES, *GROUPS)


def v2(stack: Stack) -> Stack | None:
    """Return the stack with the older tokens of the same resources; None if it has none."""
    old = {token: name for name, token in types.SAME_AS.items()}
    if not any(given.type in old for given in stack):
        return None
    return tuple(replace(given, type=old.get(given.type, given.type)) for given in stack)


def moved_apart(move: Move, stack: Stack) -> Stack | None:
    """Return the stack with each inline content in resources of its own; None if there is none."""
    made: list[Given] = []
    siblings: list[Given] = []
    for given in stack:
        if given.type != move.owner or given.properties.get(move.place) in (None, [], ""):
            made.append(given)
            continue
        value = given.properties[move.place]
        if value == UNKNOWN:
            return None
        made.append(replace(given, properties=_without(given.properties, move.place)))
        came_from = given.depends.get(move.place, ())
        for number, content in enumerate(move.apart(value)):
            depends: dict[str, tuple[str, ...]] = {move.link: (given.name,)}
            if came_from:
                depends |= dict.fromkeys(content, came_from)
            siblings.append(
                Given(move.sibling, {move.link: UNKNOWN, **content}, f"{given.name}-apart-{number}", depends)
            )
    return (*made, *siblings) if siblings else None


def moved_inline(move: Move, stack: Stack) -> Stack | None:
    """Return the stack with separate resources' content in the resource that they name; None if none fits."""
    owners = {given.name: given for given in stack if given.type == move.owner}
    made: list[Given] = []
    changed = False
    for given in stack:
        content = move.inline(_without(given.properties, move.link)) if given.type == move.sibling else None
        if content is None:
            made.append(given)
            continue
        named = [name for name in given.depends.get(move.link, ()) if name in owners]
        came_from = tuple(sorted({n for k, names in given.depends.items() if k != move.link for n in names}))
        owner = owners.get(named[0]) if named else Given(move.owner, {}, f"{given.name}-owner")
        if owner is None or move.place in owner.properties:
            return None
        depends = {**owner.depends, **({move.place: came_from} if came_from else {})}
        whole = replace(owner, properties={**owner.properties, **content}, depends=depends)
        if named:
            owners[owner.name] = whole
        else:
            made.append(whole)
        changed = True
    return tuple(owners.get(given.name, given) for given in made) if changed else None


def variants(stack: Stack) -> Iterator[tuple[str, Stack]]:
    """Yield every way to say the same elsewhere."""
    for move in MOVES:
        if apart := moved_apart(move, stack):
            yield f"{move.name}: apart", apart
        if inline := moved_inline(move, stack):
            yield f"{move.name}: inline", inline
    if older := v2(stack):
        yield "older tokens", older


def _without(properties: Content, name: str) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if key != name}
