"""A pretend Okta: users and groups of one organization behind an API token."""
