"""Help (F1): the clinician's guide inside the program."""
