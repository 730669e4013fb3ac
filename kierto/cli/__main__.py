"""`python -m kierto.cli`, for where the `kierto` script is not on the path."""

from kierto.cli import main

main()
