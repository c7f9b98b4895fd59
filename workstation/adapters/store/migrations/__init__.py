"""Migrations of the store, forward only; run when a store is opened."""
