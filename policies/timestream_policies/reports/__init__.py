"""Report formats: each is a function from a report to text."""
