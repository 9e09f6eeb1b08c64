"""Requests and answers: language, release, headers, rendering."""
