"""AWS on this machine for Pulumi programs."""
