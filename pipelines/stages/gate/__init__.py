"""The verdict on a build, before anything is published."""
