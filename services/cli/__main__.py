"""`python -m services.cli` is the command `chungtay`."""

from services.cli.app import main

main()
