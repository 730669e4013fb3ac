"""What tests/html.py uses of tinyhtml5."""

class HTMLParser:
    errors: list[tuple[tuple[int, int], str, dict[str, object]]]
    def parse(self, source: str) -> object: ...
