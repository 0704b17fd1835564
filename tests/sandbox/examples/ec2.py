import json

from tests.sandbox.examples import Example, Need

_VPC = Need(token="aws:ec2/vpc:Vpc", inputs={"cidrBlock": "10.20.0.0/16", "enableDnsHostnames": True})
_SUBNET = Need(
    token="aws:ec2/subnet:Subnet",
    inputs={"vpcId": "${vpc.id}", "cidrBlock": "10.20.1.0/24", "availabilityZone": "eu-west-1a"},
)
_SECOND_SUBNET = Need(
    token="aws:ec2/subnet:Subnet",
    inputs={"vpcId": "${vpc.id}", "cidrBlock": "10.20.2.0/24", "availabilityZone": "eu-west-1b"},
)
_GROUP = Need(
    token="aws:ec2/securityGroup:SecurityGroup",
    inputs={"name": "writers", "description": "Hosts that write records", "vpcId": "${vpc.id}"},
)
_OTHER_GROUP = Need(
    token="aws:ec2/securityGroup:SecurityGroup",
    inputs={"name": "readers", "description": "Hosts that query", "vpcId": "${vpc.id}"},
)
_BUCKET = Need(token="aws:s3/bucket:Bucket", inputs={"bucket": "flow-logs-of-meters"})
_HTTPS = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.20.0.0/16"]}


def _policy(action: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}],
        }
    )


def _rule(**port: int) -> dict[str, object]:
    return {
        "securityGroupId": "${group.id}",
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "cidrIpv4": "10.20.0.0/16",
        "description": "TLS inside the VPC",
        "tags": {"team": "billing"},
    } | port


EXAMPLES: dict[str, Example] = {
    "aws:ec2/vpc:Vpc": Example(
        inputs={"cidrBlock": "10.20.0.0/16", "enableDnsHostnames": True, "tags": {"team": "billing"}},
        change={"enableDnsHostnames": False, "tags": {"team": "metering"}},
        replace={"cidrBlock": "10.30.0.0/16"},
    ),
    "aws:ec2/subnet:Subnet": Example(
        needs={"vpc": _VPC},
        inputs={**_SUBNET.inputs, "tags": {"team": "billing"}},
        change={"mapPublicIpOnLaunch": True, "tags": {"team": "metering"}},
        replace={"cidrBlock": "10.20.9.0/24"},
    ),
    "aws:ec2/securityGroup:SecurityGroup": Example(
        needs={"vpc": _VPC},
        inputs={
            "name": "timestream-endpoint",
            "description": "Who may reach Timestream",
            "vpcId": "${vpc.id}",
            "ingress": [_HTTPS],
            "tags": {"team": "billing"},
        },
        change={
            "ingress": [{**_HTTPS, "cidrBlocks": ["10.20.1.0/24", "10.20.2.0/24"], "description": "TLS"}],
            "egress": [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "self": True}],
            "tags": {"team": "metering"},
        },
        replace={"description": "Who may query Timestream"},
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Example(
        needs={"vpc": _VPC, "group": _GROUP, "other": _OTHER_GROUP},
        inputs=_rule(),
        change={"fromPort": 8443, "toPort": 8443, "tags": {"team": "metering"}},
        replace={"securityGroupId": "${other.id}"},
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Example(
        needs={"vpc": _VPC, "group": _GROUP, "other": _OTHER_GROUP},
        inputs=_rule(),
        change={"fromPort": 8443, "toPort": 8443, "tags": {"team": "metering"}},
        replace={"securityGroupId": "${other.id}"},
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Example(
        needs={"vpc": _VPC, "subnet": _SUBNET, "second": _SECOND_SUBNET, "group": _GROUP},
        inputs={
            "vpcId": "${vpc.id}",
            "serviceName": "com.amazonaws.eu-west-1.timestream.ingest-cell2",
            "vpcEndpointType": "Interface",
            "privateDnsEnabled": True,
            "subnetIds": ["${subnet.id}"],
            "securityGroupIds": ["${group.id}"],
            "policy": _policy("timestream:WriteRecords"),
            "tags": {"team": "billing"},
        },
        change={
            "subnetIds": ["${subnet.id}", "${second.id}"],
            "policy": _policy("timestream:DescribeEndpoints"),
            "tags": {"team": "metering"},
        },
        replace={"serviceName": "com.amazonaws.eu-west-1.timestream.query-cell3"},
    ),
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": Example(
        needs={
            "vpc": _VPC,
            "endpoint": Need(
                token="aws:ec2/vpcEndpoint:VpcEndpoint",
                inputs={
                    "vpcId": "${vpc.id}",
                    "serviceName": "com.amazonaws.eu-west-1.timestream.ingest-cell2",
                    "vpcEndpointType": "Interface",
                },
            ),
            "other": Need(
                token="aws:ec2/vpcEndpoint:VpcEndpoint",
                inputs={
                    "vpcId": "${vpc.id}",
                    "serviceName": "com.amazonaws.eu-west-1.timestream.query-cell3",
                    "vpcEndpointType": "Interface",
                },
            ),
        },
        inputs={"vpcEndpointId": "${endpoint.id}", "policy": _policy("timestream:WriteRecords")},
        change={"policy": _policy("timestream:DescribeEndpoints")},
        replace={"vpcEndpointId": "${other.id}"},
        stays="an endpoint always has a policy: deletion puts AWS's default one back",
    ),
    "aws:ec2/flowLog:FlowLog": Example(
        needs={"vpc": _VPC, "bucket": _BUCKET},
        inputs={
            "vpcId": "${vpc.id}",
            "trafficType": "REJECT",
            "logDestinationType": "s3",
            "logDestination": "${bucket.arn}",
            "tags": {"team": "billing"},
        },
        change={"tags": {"team": "metering"}},
        replace={"trafficType": "ALL"},
    ),
}
