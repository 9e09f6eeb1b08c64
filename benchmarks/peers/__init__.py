"""Giving Day with other tools: a script each, in a venv of their own (requirements.txt)."""
