"""What every page shares: guard, forms, rendering, headers, error pages."""
