"""The HTTP edge that every service shares: who asks, what is refused and how, how a process serves."""
