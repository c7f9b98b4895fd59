"""Dermatology Workstation: photo consultations from lesion count to signed prescription."""

__version__ = "0.1.0"
