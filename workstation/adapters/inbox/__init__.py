"""Intake packages: FHIR R4 bundles, alone or zipped with their photos."""
