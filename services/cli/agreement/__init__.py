"""The commands `agreement …`: read, compare, check, foresee, sign and adopt versions of the sharing agreement."""
