"""What social work asserts: hotline 111, commune committee, child-protection worker, social-work centre.

By the social-work door; legal aid publishes here until it has a door of its own. The order is that of
Decree 56/2017 art. 25-32.
"""
