"""The description of a security group rule, whatever the rule's other side is."""

from typing import Any

import pytest

from aws_sandbox.sandbox import Sandbox


def other_sides(group: str) -> dict[str, dict[str, Any]]:
    return {
        "an address range": {"IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "why"}]},
        "a group": {"UserIdGroupPairs": [{"GroupId": group, "Description": "why"}]},
        "a prefix list": {"PrefixListIds": [{"PrefixListId": "pl-1", "Description": "why"}]},
    }


@pytest.mark.parametrize("direction", ["ingress", "egress"])
@pytest.mark.parametrize("other_side", other_sides(""))
def test_a_rule_tells_why_it_is_there(other_side: str, direction: str, empty_sandbox: Sandbox) -> None:
    client = empty_sandbox.client("ec2")
    vpc = client.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    group = client.create_security_group(GroupName="plant", Description="plant", VpcId=vpc)["GroupId"]
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **other_sides(group)[other_side]}
    authorize = getattr(client, f"authorize_security_group_{direction}")
    (made,) = authorize(GroupId=group, IpPermissions=[permission])["SecurityGroupRules"]
    (found,) = client.describe_security_group_rules(SecurityGroupRuleIds=[made["SecurityGroupRuleId"]])[
        "SecurityGroupRules"
    ]
    assert found["Description"] == "why"
