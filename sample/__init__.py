"""Synthetic exports, calibrated to published figures, with faults planted as the manifest says.

`generate` writes a landing folder. It reads nothing and is not part of a refresh: the warehouse
cannot distinguish its files from real ones, but anybody who opens one can.
"""

from sample.campaigns import CAMPAIGNS
from sample.demo import generate_demo
from sample.generate import generate
from sample.manifest import Faults, Manifest, Planted, SampleFile, SampleTally

__all__ = [
    "CAMPAIGNS",
    "Faults",
    "Manifest",
    "Planted",
    "SampleFile",
    "SampleTally",
    "generate",
    "generate_demo",
]
