"""Giving Day with other tools: one script each, in a separate venv (requirements.txt)."""
