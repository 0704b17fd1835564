"""The resource types that the rules speak of, by the tokens that Pulumi gives them."""

STACK = "pulumi:pulumi:Stack"

DATABASE = "aws:timestreamwrite/database:Database"
TABLE = "aws:timestreamwrite/table:Table"

KEY = "aws:kms/key:Key"
REPLICA_KEY = "aws:kms/replicaKey:ReplicaKey"
EXTERNAL_KEY = "aws:kms/externalKey:ExternalKey"
REPLICA_EXTERNAL_KEY = "aws:kms/replicaExternalKey:ReplicaExternalKey"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
KEY_ALIAS = "aws:kms/alias:Alias"
CUSTOMER_KEYS = (KEY, REPLICA_KEY, EXTERNAL_KEY, REPLICA_EXTERNAL_KEY)

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE_POLICY_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
USER = "aws:iam/user:User"
USER_POLICY = "aws:iam/userPolicy:UserPolicy"
USER_POLICY_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
USER_GROUP_MEMBERSHIP = "aws:iam/userGroupMembership:UserGroupMembership"
GROUP_MEMBERSHIP = "aws:iam/groupMembership:GroupMembership"
GROUP = "aws:iam/group:Group"
GROUP_POLICY = "aws:iam/groupPolicy:GroupPolicy"
GROUP_POLICY_ATTACHMENT = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
MANAGED_POLICY = "aws:iam/policy:Policy"
POLICY_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"
ROLE_POLICIES_EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
USER_POLICIES_EXCLUSIVE = "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive"
GROUP_POLICIES_EXCLUSIVE = "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive"
ACCESS_KEY = "aws:iam/accessKey:AccessKey"
IDENTITY_POLICIES = (MANAGED_POLICY, ROLE_POLICY, USER_POLICY, GROUP_POLICY, ROLE)
ATTACH_SEVERAL = (ROLE_POLICIES_EXCLUSIVE, USER_POLICIES_EXCLUSIVE, GROUP_POLICIES_EXCLUSIVE)
ATTACHMENTS = (
    ROLE_POLICY_ATTACHMENT,
    USER_POLICY_ATTACHMENT,
    GROUP_POLICY_ATTACHMENT,
    POLICY_ATTACHMENT,
    *ATTACH_SEVERAL,
    ROLE,
)

TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"

METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

NAME_PROPERTY = {
    DATABASE: "databaseName",
    TABLE: "tableName",
    KEY: "keyId",
    REPLICA_KEY: "keyId",
    EXTERNAL_KEY: "keyId",
    REPLICA_EXTERNAL_KEY: "keyId",
}
"""The property that names a resource of the type, where it is not `name`."""


def short(type_: str) -> str:
    """Return the type as people write it: `aws:kms/key:Key` is `aws.kms.Key`."""
    parts = type_.split(":")
    if len(parts) != 3:
        return type_
    package, module, name = parts
    return f"{package}.{module.split('/')[0]}.{name}"
