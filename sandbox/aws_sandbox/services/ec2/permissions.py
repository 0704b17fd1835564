"""The rules inside a security group, between Pulumi's shape and EC2's."""

from typing import Any

from aws_sandbox.resource import Properties

ALL_PROTOCOLS = "-1"
_RANGES = {
    "cidrBlocks": ("IpRanges", "CidrIp"),
    "ipv6CidrBlocks": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListIds": ("PrefixListIds", "PrefixListId"),
}


def normal(rule: Properties) -> Properties:
    """Write a rule in one way: every property there, lists sorted, all protocols as `-1`."""
    protocol = str(rule["protocol"]).lower()
    return {
        "protocol": ALL_PROTOCOLS if protocol == "all" else protocol,
        "fromPort": rule.get("fromPort") or 0,
        "toPort": rule.get("toPort") or 0,
        "description": rule.get("description") or "",
        "self": bool(rule.get("self")),
        "securityGroups": sorted(rule.get("securityGroups") or []),
        **{name: sorted(rule.get(name) or []) for name in _RANGES},
    }


def short(rule: Properties) -> Properties:
    """Write a rule as people do: without what is empty. Ports are always stated."""
    ports = ("fromPort", "toPort")
    return {name: value for name, value in rule.items() if name in ports or value not in ([], "", False)}


def to_permission(rule: Properties, group: str) -> dict[str, Any]:
    """Write a rule as EC2 takes it."""
    rule = normal(rule)
    described = {"Description": rule["description"]} if rule["description"] else {}
    permission: dict[str, Any] = {"IpProtocol": rule["protocol"]}
    if rule["protocol"] != ALL_PROTOCOLS:
        permission |= {"FromPort": rule["fromPort"], "ToPort": rule["toPort"]}
    for name, (key, item) in _RANGES.items():
        if rule[name]:
            permission[key] = [{item: value, **described} for value in rule[name]]
    groups = [*rule["securityGroups"], *([group] if rule["self"] else [])]
    if groups:
        permission["UserIdGroupPairs"] = [{"GroupId": other, **described} for other in groups]
    return permission


def from_permissions(permissions: list[dict[str, Any]], group: str) -> list[Properties]:
    """Read EC2's answer: one rule for each protocol, port range and description."""
    rules: dict[tuple[Any, ...], Properties] = {}

    def rule_of(permission: dict[str, Any], description: str) -> Properties:
        ports = (permission.get("FromPort", 0), permission.get("ToPort", 0))
        key = (permission["IpProtocol"], *ports, description)
        new = {"protocol": key[0], "fromPort": key[1], "toPort": key[2], "description": description}
        return rules.setdefault(key, normal(new))

    for permission in permissions:
        for name, (key, item) in _RANGES.items():
            for entry in permission.get(key, []):
                rule_of(permission, entry.get("Description", ""))[name].append(entry[item])
        for pair in permission.get("UserIdGroupPairs", []):
            rule = rule_of(permission, pair.get("Description", ""))
            if pair["GroupId"] == group:
                rule["self"] = True
            else:
                rule["securityGroups"].append(pair["GroupId"])
    return [normal(rule) for rule in rules.values()]


def as_stated(recorded: Any, actual: list[Properties]) -> list[Properties]:
    """Return the actual rules in the recorded order and form where they mean the same."""
    left = list(actual)
    stated: list[Properties] = []
    for rule in recorded if isinstance(recorded, list) else []:
        if normal(rule) in left:
            left.remove(normal(rule))
            stated.append(rule)
    return stated + [short(rule) for rule in left]
