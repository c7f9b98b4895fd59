"""Settings: one page of the shell, its list at the left, each change in force at once."""
