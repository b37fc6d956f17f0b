"""The command line, for whoever has the shell: a module a noun, on the same commands that Slack uses.

A command loads what it needs when it runs, so that `--help` and a typing error are answered at once.
"""
