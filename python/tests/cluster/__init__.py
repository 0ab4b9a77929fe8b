"""A real Spark cluster of three hosts on one machine, and the scenarios that need it."""
