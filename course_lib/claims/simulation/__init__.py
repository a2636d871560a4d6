"""Synthetic claims."""
