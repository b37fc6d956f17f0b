"""The rules of Rollcall: who counts, what is owed, what disagrees.

Pure functions over frozen values. No clock, no ids, no input or output: whatever a rule needs comes in as an argument,
so that a preview, a run and an explanation that are given the same facts cannot differ.
"""
