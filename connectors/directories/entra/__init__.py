"""Microsoft Entra ID: app-only sign-in with msal, accounts by Graph's delta query."""
