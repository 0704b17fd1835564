"""What holds for all tests."""

import signal

# A shell starts background jobs with interrupts ignored, and children inherit that. Tests interrupt what they
# start, so it must not: a handler here means the default there.
signal.signal(signal.SIGINT, signal.default_int_handler)
