"""A pretend Google Workspace: sign-in by a delegated service account, users, groups and licences."""
