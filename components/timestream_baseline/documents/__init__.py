"""Policy documents as pure functions of plain strings. No Pulumi, no other part of the package."""
