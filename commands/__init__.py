"""What the product can do: a module a noun, a function a use case, called by Slack, the command line and the clock.

A use case opens one transaction, checks who may, and returns frozen values that a view or a printer shows as they are.
"""
