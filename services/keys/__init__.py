"""The key service: alone it holds key-encryption keys, and gives a data key to whom the agreement entitles."""
