"""What each organisation says of privacy and accessibility, and what people answer to it."""
