"""The checks that exist elsewhere or are missing everywhere, by the ids that rules name in `catalogue`."""

SECTIONS = {
    "TS": 11,
    "KMS": 9,
    "NET": 22,
    "IAM": 26,
    "S3": 24,
    "CT": 11,
    "CW": 9,
    "SNS": 9,
    "SQS": 7,
    "SM": 5,
    "BK": 7,
    "GEN": 1,
    "GAP": 82,
}
"""How many rows each section has; `GAP` are the checks that no other tool has in working form."""

ROWS = tuple(
    f"{section}-{number:02}" for section, count in SECTIONS.items() for number in range(1, count + 1)
)

LEFT_OUT: dict[str, str] = {
    "BK-03": "Recovery points exist at run time only; the key of their vault encrypts them (BK-01).",
    "BK-05": "It is about EBS and EFS volumes; that tables are backed up is GAP-68.",
    "BK-06": "A report plan is one for an account, not part of a stack.",
    "KMS-09": "Nitro enclaves are no part of such stacks, and attestation is seen at run time.",
    "SNS-09": "AWS has retired the check, and the delivery of alarms is watched by who gets them.",
    "TS-10": "It is guidance; its parts are the rules on endpoints, on writers and on TLS.",
    "TS-11": "These are building blocks for policies at run time; see GAP-02, GAP-03, GAP-04 and GAP-10.",
}
"""The rows that no rule answers, each with the reason."""

PARTLY: dict[str, str] = {
    "CW-06": "Events of AWS Organizations (4.15) are asked of organization trails only; no other has them.",
    "GAP-09": "The provider has no input for the key yet: not applicable, until there is one.",
    "GAP-20": "A key of another stack is not compared with the approved keys.",
    "GAP-22": "Magnetic retention is not compared with that of backups.",
    "GAP-42": "A role that is passed is judged beside the scheduled query that uses it only.",
    "GAP-75": "A secret of InfluxDB is known by its name or description, not by dependencies.",
    "IAM-22": "The age of a key is not in a stack.",
    "NET-22": "Public beside private subnets are not asked for; rules of network ACLs are not judged.",
    "TS-03": "Roles are known as those of EC2 by their instance profiles.",
}
"""The rows that rules answer in part, and what is not judged of them."""
