"""All rules, one file for each subject. Importing this package registers them."""

from timestream_policies.rule import RULES
from timestream_policies.rules import access, alarms, databases, documents, identities, keys, tables, topics

__all__ = ["RULES", "access", "alarms", "databases", "documents", "identities", "keys", "tables", "topics"]
