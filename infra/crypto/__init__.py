"""Keys, boxes and receipts: what makes content unreadable to the wrong reader and undeniable to the right one."""
