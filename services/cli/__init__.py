"""The command line: starts the platform's processes, and otherwise speaks HTTP like anybody else."""
