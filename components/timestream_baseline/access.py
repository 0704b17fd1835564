"""Roles for applications and people."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

from typing import Never

import pulumi
from pulumi_aws import iam

from timestream_baseline.boundary import boundary_text
from timestream_baseline.documents.trusts import CONFUSED_DEPUTY_SOURCES
from timestream_baseline.inputs.access import Access, AccessRolesPart, AccessRolesPartArgs, Role
from timestream_baseline.inputs.mistakes import Place, camel_case
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.location import Location
from timestream_baseline.naming import policy_name, role_name
from timestream_baseline.part import Part
from timestream_baseline.resources import child_of, output_map
from timestream_baseline.role_policies import Policies, RoleWriter, spread
from timestream_baseline.stand_ins import StandIns
from timestream_baseline.trust import check_trust, trust_text


class AccessRoles(pulumi.ComponentResource):
    """Least-privilege roles; none can do more than its kind says.

    Writers write records and readers query. Admins manage databases and tables, auditors read configuration
    and logs; neither sees data. Unloaders query and unload into a bucket, batch loaders load from one. There
    are no users, no access keys and no AWS managed policies.
    """

    role_arns: pulumi.Output[dict[str, str]]
    """The ARN of each role, by kind and name: "writers/ingest"."""

    def __init__(
        self,
        name: str,
        args: AccessRolesPartArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Validate the arguments, then make the roles."""
        part = Part("AccessRoles", AccessRolesPart, name, args, unexpected)
        access = part.settings
        super().__init__(
            "timestream-baseline:index:AccessRoles",
            name,
            {camel_case(kind): sorted(names) for kind, names in _names(access).items()},
            opts,
        )
        self._owner = name
        self._access = access
        self._path = "" if part.alone else "access."
        self._location = part.locate(self)
        self._stand_ins = StandIns()
        policies = plan(name, access, self._location, self._stand_ins, part.place)
        part.refuse_mistakes()
        _warn_about_unguarded_services(access, self)
        self.boundary_arn = self._boundary(part.place)
        roles = {
            f"{camel_case(kind)}/{role}": self._role(kind, role, settings, policies[kind, role])
            for kind, role, settings in access.roles()
        }
        self.roles = {path: role.arn for path, role in roles.items()}
        self.role_arns = output_map(self.roles)
        self.register_outputs({"roleArns": self.role_arns})

    def _boundary(self, place: Place) -> TextInput | None:
        """Make the boundary, or take the one that was named. Other parts give it to their roles as well."""
        if self._access.permissions_boundary != "create":
            return None if self._access.permissions_boundary == "none" else self._access.permissions_boundary
        text, names_databases = boundary_text(
            self._owner, self._access, self._location, self._stand_ins, place
        )
        if not names_databases:
            pulumi.log.warn(
                "access.permissions_boundary: the names of the databases do not fit into one policy, so the "
                "boundary takes in all databases of this account and region; the roles' own policies name "
                "theirs",
                resource=self,
            )
        boundary = iam.Policy(
            f"{self._owner}-boundary",
            name=policy_name(self._owner, "all", "boundary"),
            description=f"{self._owner}: the most that its roles may do",
            policy=self._stand_ins.fill(text),
            tags=dict(self._access.tags),
            opts=child_of(self),
        )
        return boundary.arn

    def _role(self, kind: str, name: str, settings: Role, policies: Policies) -> "iam.Role":
        path = f"{camel_case(kind)}/{name}"
        logical_name = f"{self._owner}-{path}"
        role = iam.Role(
            logical_name,
            name=role_name(self._owner, camel_case(kind), name),
            description=f"{self._owner}: {path}",
            path=settings.path,
            assume_role_policy=trust_text(
                settings, self._location.account, f"{self._path}{kind}.{name}.trust"
            ),
            max_session_duration=settings.max_session_hours * 3600,
            permissions_boundary=self.boundary_arn,
            tags=dict(self._access.tags),
            opts=child_of(self),
        )
        refusals: list[pulumi.Resource] = []
        for purpose, text in policies.inline.items():
            inline = iam.RolePolicy(
                logical_name if purpose == "timestream" else f"{logical_name}/{purpose}",
                name=purpose,
                role=role.name,
                policy=self._stand_ins.fill(text),
                # Nothing is allowed before what refuses is in place.
                opts=child_of(self, depends_on=refusals),
            )
            if purpose == "endpoints":
                refusals.append(inline)
        for purpose, text in policies.managed.items():
            managed = iam.Policy(
                f"{logical_name}/{purpose}",
                name=policy_name(self._owner, f"{camel_case(kind)}-{name}", purpose),
                description=f"{self._owner}: {path} ({purpose})",
                policy=self._stand_ins.fill(text),
                tags=dict(self._access.tags),
                opts=child_of(self),
            )
            iam.RolePolicyAttachment(
                f"{logical_name}/{purpose}",
                role=role.name,
                policy_arn=managed.arn,
                opts=child_of(self, depends_on=refusals),
            )
        return role


def plan(
    owner: str, access: AccessRolesPart, location: Location, stand_ins: StandIns, place: Place
) -> dict[tuple[str, str], Policies]:
    """Write the policies of every role and note what AWS would refuse; nothing is created."""
    writer = RoleWriter(access, location, stand_ins)
    policies = {}
    for kind, name, role in access.roles():
        here = place.field(kind).at(name)
        policies[kind, name] = spread(writer.documents(kind, role), here)
        check_trust(role, location.account, here.field("trust"))
    if access.permissions_boundary == "create":
        boundary_text(owner, access, location, stand_ins, place.field("permissions_boundary"))
    return policies


def _names(access: Access) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {"writers": [], "readers": []}
    for kind, name, _ in access.roles():
        names.setdefault(kind, []).append(name)
    return names


def _warn_about_unguarded_services(access: Access, component: pulumi.Resource) -> None:
    """Say once for all roles which services cannot be held to this account."""
    unguarded = sorted(
        {
            service
            for _, _, role in access.roles()
            for service in (role.trust.services if role.trust else ())
            if service not in CONFUSED_DEPUTY_SOURCES
        }
    )
    if unguarded:
        pulumi.log.warn(
            f"access: AWS offers no condition that ties the trust in {', '.join(unguarded)} to this account; "
            "limit who has iam:PassRole on the roles that trust it",
            resource=component,
        )
