"""A generator of clean stacks, and of defects to plant into them."""
