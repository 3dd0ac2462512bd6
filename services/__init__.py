"""What runs: one folder is one service with one app.py."""
