"""One file for each AWS service; each says in `TYPES` which resource types it makes."""
