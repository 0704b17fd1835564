"""An application in a stack of its own, which reads what it needs from the stack that holds the baseline."""

import pulumi
import pulumi_aws as aws

# Such as organization/timestream-baseline/production.
baseline = pulumi.StackReference(pulumi.Config().require("baseline"))

# What an application needs to write: the cell to write to, so that no discovery is needed in a private
# subnet, and the role to write with.
settings = {
    "endpoint_url": baseline.require_output("endpointUrls")["ingest"],
    "role_arn": baseline.require_output("roleArns")["writers/ingest"],
}
parameter = aws.secretsmanager.Secret(
    "ingest-settings", description="How the ingest application reaches Timestream"
)
aws.secretsmanager.SecretVersion(
    "ingest-settings", secret_id=parameter.id, secret_string=pulumi.Output.json_dumps(settings)
)

pulumi.export("settingsArn", parameter.arn)
