"""Backup and restore of a store folder: the second place where its parts meet."""
