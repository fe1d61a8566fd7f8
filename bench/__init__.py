"""Speed and memory, measured on this machine; nothing here is timed in the tests."""
