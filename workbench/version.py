"""The version, in a module of its own so that any floor may print it."""

VERSION = "0.1.0"
