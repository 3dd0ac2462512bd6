"""What the police assert: commune police and investigating bodies, by the police door.

Justice bodies publish here until they have a door of their own. The police track and the protection track open and
close apart; the text of a statement never leaves the police (Joint Circular 01/2022 art. 14.1).
"""
