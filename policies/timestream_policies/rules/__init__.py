"""All rules, one file for each subject. Importing this package registers them."""

from timestream_policies.rule import RULES
from timestream_policies.rules import keys

__all__ = ["RULES", "keys"]
