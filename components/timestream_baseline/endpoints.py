"""Interface endpoints: how applications reach Timestream without leaving their VPC."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

from typing import Any, Final, Never

import pulumi
import pulumi_aws as aws

from timestream_baseline.endpoint_plan import EndpointPlan, later_subnets, plan_endpoints
from timestream_baseline.endpoint_policies import endpoint_policies
from timestream_baseline.inputs.network import PrivateEndpointsPart, PrivateEndpointsPartArgs
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.naming import security_group_name
from timestream_baseline.network import endpoint_urls
from timestream_baseline.part import Part
from timestream_baseline.resources import child_of, output_map

_TLS: Final = 443


class PrivateEndpoints(pulumi.ComponentResource):
    """Interface endpoints for Timestream: for writing, for querying, and for InfluxDB's control plane.

    They take TLS from the named clients only. Their policy admits this account, or the organisation, and
    lets it reach the databases that are named; which role may do what there, its own policies say.

    With private DNS, which is the default, these endpoints are everybody's in that VPC: the host names of
    Timestream lead every client there to them. Databases of others have to stand in `also_allow_databases`,
    and clients that are not named cannot connect.
    """

    endpoint_ids: pulumi.Output[dict[str, str]]
    """The id of each endpoint, under "ingest", "query", "influxdb" and what `also` names."""
    endpoint_urls: pulumi.Output[dict[str, str]]
    """What applications pass as endpoint_url, under "ingest", "query" and "influxdb"."""
    cells: pulumi.Output[dict[str, str]]
    """The cells of Timestream that this account is mapped to, under "ingest" and "query"."""
    security_group_id: pulumi.Output[str] | None = None
    """The security group of the endpoints, if they are made here."""

    def __init__(
        self,
        name: str,
        args: PrivateEndpointsPartArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Make the endpoints that the arguments ask for, or name those that exist."""
        part = Part("PrivateEndpoints", PrivateEndpointsPart, name, args, unexpected)
        settings = part.settings
        super().__init__(
            "timestream-baseline:index:PrivateEndpoints",
            name,
            {"also": list(settings.also), "privateDns": settings.private_dns},
            opts,
        )
        self._name = name
        self._settings = settings
        self._location = location = part.locate(self)
        plan: EndpointPlan | None = settings.plan
        if plan is None:
            plan = plan_endpoints(self, settings, location, part.place, from_stack=False)
            part.refuse_mistakes()
        _announce_weakened_defaults(self, settings, "" if part.alone else "network.")

        ids: dict[str, TextInput] = dict(settings.existing.ids() if settings.existing else {})
        if plan.services:
            group = self._security_group()
            self.security_group_id = group.id
            for kind, endpoint in self._endpoints(plan, group).items():
                ids[kind] = endpoint.id
        self.ids = ids
        self.endpoint_ids = output_map(ids)
        self.endpoint_urls = output_map(endpoint_urls(plan.cells, location, influxdb=settings.influxdb))
        self.cells = output_map(plan.cells)
        outputs: dict[str, Any] = {
            "endpointIds": self.endpoint_ids,
            "endpointUrls": self.endpoint_urls,
            "cells": self.cells,
        }
        if self.security_group_id is not None:
            outputs["securityGroupId"] = self.security_group_id
        self.register_outputs(outputs)

    def _security_group(self) -> "aws.ec2.SecurityGroup":
        """Let the named clients in, and nothing out.

        Answers need no rule, and the provider takes away the one that AWS gives to every new group.
        """
        group = aws.ec2.SecurityGroup(
            f"{self._name}-endpoints",
            name=security_group_name(self._name, "endpoints"),
            description="Interface endpoints of Timestream: TLS from named clients",
            vpc_id=self._settings.vpc_id,
            tags=dict(self._settings.tags),
            region=self._location.region,
            opts=child_of(self),
        )
        for index, client in enumerate(self._settings.client_security_group_ids):
            # A plain id names its rule, so that rules stay when the order of the clients changes.
            key = client if isinstance(client, str) else f"client-{index}"
            self._ingress(key, group, referenced_security_group_id=client)
        for cidr in self._settings.client_cidrs:
            family = "cidr_ipv6" if ":" in cidr else "cidr_ipv4"
            # Pulumi puts :: between the parts of a URN.
            self._ingress(cidr.replace(":", "-"), group, **{family: cidr})
        return group

    def _ingress(self, key: str, group: "aws.ec2.SecurityGroup", **client: pulumi.Input[str]) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-endpoints/{key}",
            security_group_id=group.id,
            description="TLS from a client",
            ip_protocol="tcp",
            from_port=_TLS,
            to_port=_TLS,
            tags=dict(self._settings.tags),
            region=self._location.region,
            opts=child_of(self),
            **client,
        )

    def _endpoints(
        self, plan: EndpointPlan, group: "aws.ec2.SecurityGroup"
    ) -> "dict[str, aws.ec2.VpcEndpoint]":
        settings, location = self._settings, self._location
        subnets = (
            {kind: list(chosen) for kind, chosen in plan.subnets.items()}
            if plan.subnets is not None
            else later_subnets(self, settings, plan, location)
        )
        policies = endpoint_policies(plan.services, settings, location, plan.place)
        return {
            kind: aws.ec2.VpcEndpoint(
                f"{self._name}-{kind}",
                vpc_id=settings.vpc_id,
                vpc_endpoint_type="Interface",
                service_name=service.name,
                subnet_ids=subnets[kind],
                security_group_ids=[group.id],
                private_dns_enabled=settings.private_dns,
                policy=policies[kind],
                tags=dict(settings.tags),
                region=location.region,
                opts=child_of(self),
            )
            for kind, service in plan.services.items()
        }


def _announce_weakened_defaults(
    component: pulumi.ComponentResource, settings: PrivateEndpointsPart, section: str
) -> None:
    """Say what is not as private as it could be."""
    if settings.vpc_id is None and settings.existing is None:
        pulumi.log.warn(
            f"neither {section}vpc_id nor {section}existing is given (default: no endpoints): applications "
            "reach Timestream at public addresses (TS-EP-001)",
            resource=component,
        )
    if not settings.private_dns:
        pulumi.log.warn(
            f"{section}private_dns is false (default true): the names in endpoint_urls lead to public "
            "addresses; applications have to use the endpoints' own names (TS-EP-004)",
            resource=component,
        )
