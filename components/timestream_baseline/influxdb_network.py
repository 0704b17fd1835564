"""The security group of one InfluxDB instance or cluster."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from timestream_baseline.inputs.influxdb import InfluxDbInstance
from timestream_baseline.location import Location
from timestream_baseline.naming import security_group_name
from timestream_baseline.resources import child_of


def security_group(
    parent: pulumi.Resource,
    *,
    owner: str,
    instance: str,
    settings: InfluxDbInstance,
    location: Location,
    tags: Mapping[str, str],
    retain: bool | None,
) -> tuple[aws.ec2.SecurityGroup, list[pulumi.Resource]]:
    """Make the group that admits the named groups on the port, and its rules.

    It stays with an instance that is retained. Pulumi adds a random suffix to its name, so that one that was
    retained is not in the way. InfluxDB answers its clients only: without a rule nothing else goes out.
    """
    region = location.region
    group = aws.ec2.SecurityGroup(
        security_group_name(owner, f"influxdb-{instance}"),
        description=f"Clients of the InfluxDB {instance}",
        vpc_id=settings.vpc_id,
        tags=dict(tags),
        region=region,
        opts=child_of(parent, retain_on_delete=retain),
    )
    # A rule is named by its group: when one is taken off the list, the others stay as they are.
    clients = {
        client if isinstance(client, str) else str(index): client
        for index, client in enumerate(settings.allowed_security_group_ids)
    }
    rules: list[pulumi.Resource] = [
        aws.vpc.SecurityGroupIngressRule(
            f"{owner}-{instance}/{key}",
            security_group_id=group.id,
            referenced_security_group_id=client,
            ip_protocol="tcp",
            from_port=settings.listens_on,
            to_port=settings.listens_on,
            description=f"Clients of {instance}",
            tags=dict(tags),
            region=region,
            opts=child_of(parent, retain_on_delete=retain),
        )
        for key, client in clients.items()
    ]
    if settings.engine == "v3":
        rules.append(_way_to_s3(parent, f"{owner}-{instance}/s3", group, region, tags, retain=retain))
    return group, rules


def _way_to_s3(
    parent: pulumi.Resource,
    name: str,
    group: aws.ec2.SecurityGroup,
    region: str,
    tags: Mapping[str, str],
    *,
    retain: bool | None,
) -> aws.vpc.SecurityGroupEgressRule:
    """Let InfluxDB 3 reach S3, where it keeps its data: it goes there through the VPC.

    A cluster whose VPC does not let it through is not created.
    https://docs.aws.amazon.com/timestream/latest/developerguide/creating-a-cluster.html
    """
    s3 = aws.ec2.get_managed_prefix_list_output(
        name=f"com.amazonaws.{region}.s3", region=region, opts=pulumi.InvokeOptions(parent=parent)
    )
    return aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=group.id,
        prefix_list_id=s3.id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        description="Data of InfluxDB 3 in S3",
        tags=dict(tags),
        region=region,
        opts=child_of(parent, retain_on_delete=retain),
    )
