"""Detectors that propose lesions on a photo; nothing they say counts until a person accepts it."""
