"""The key service as others meet it, and the keys it alone holds."""
