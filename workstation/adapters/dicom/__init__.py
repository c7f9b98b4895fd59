"""DICOM at the door: photos out of objects that come, objects and a report of what goes."""
