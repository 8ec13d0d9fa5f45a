"""The version, by itself: building the package reads it without importing anything else."""

VERSION = "0.1.0"
