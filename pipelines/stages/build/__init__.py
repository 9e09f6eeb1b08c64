"""The private build of a release: what it goes on from, its accounts, its models."""
