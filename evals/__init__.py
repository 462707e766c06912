"""Measures whether Amparo is still right: cases, systems, metrics, reports."""
