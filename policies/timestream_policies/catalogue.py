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

LEFT_OUT: dict[str, str] = {}
"""The rows that no rule answers, each with the reason."""
