"""What machines ask: whether Kierto is well."""
