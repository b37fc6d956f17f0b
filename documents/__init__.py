"""What a client or an auditor reads.

Facts of `billing` become sentences (`wording`, `workings`), sentences are put in order (`presentation`), and the
templates only place them. The engines for PDF and HTML are loaded when a document is made, never at import.
"""
