"""Synthetic exports, calibrated on printed figures, with faults planted where the manifest says.

`generate` writes a landing folder. It reads nothing and belongs to no refresh: the warehouse
cannot tell its files from real ones, but everybody who opens one can.
"""

from sample.campaigns import CAMPAIGNS
from sample.generate import generate
from sample.manifest import Faults, FileFacts, Manifest, Planted, Tally

__all__ = ["CAMPAIGNS", "Faults", "FileFacts", "Manifest", "Planted", "Tally", "generate"]
