"""VPC endpoints: private DNS, address type and DNS options can be changed, the policy be reset.

moto changes the policy, subnets, route tables and groups, and takes no notice of the rest.
"""

import json
from typing import Any

from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses.vpcs import VPCs

from aws_sandbox.corrections.correction import Correction, replace


def _apply(self: VPCs, endpoint: Any) -> None:
    """Keep on moto's endpoint what the request says and moto does not read."""
    address_type = self._get_param("IpAddressType")
    options = self._get_param("DnsOptions")
    if address_type:
        endpoint.ip_address_type = address_type
    if options:
        endpoint.dns_options = {**getattr(endpoint, "dns_options", {}), **options}


def _patch() -> None:
    make, change = VPCs.create_vpc_endpoint, VPCs.modify_vpc_endpoint

    def create_vpc_endpoint(self: VPCs) -> Any:
        answer: Any = make(self)
        endpoint = answer.result["VpcEndpoint"]
        if str(endpoint.vpc_endpoint_type).lower() == "interface":
            endpoint.ip_address_type = "ipv4"
            endpoint.dns_options = {"DnsRecordIpType": "ipv4"}
        _apply(self, endpoint)
        return answer

    def modify_vpc_endpoint(self: VPCs) -> Any:
        answer: Any = change(self)
        endpoint = self.ec2_backend.describe_vpc_endpoints([self._get_param("VpcEndpointId")])[0]
        _apply(self, endpoint)
        private_dns = self._get_bool_param("PrivateDnsEnabled")
        if private_dns is not None:
            endpoint.private_dns_enabled = private_dns
        if self._get_bool_param("ResetPolicy"):
            endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
        return answer

    replace(VPCs, "create_vpc_endpoint", create_vpc_endpoint)
    replace(VPCs, "modify_vpc_endpoint", modify_vpc_endpoint)


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html",
    patch=_patch,
)
