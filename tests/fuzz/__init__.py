"""Fuzzing of the readers: a table of targets, and a driver that gives each of them to libFuzzer (`python -m tests.fuzz`)."""
