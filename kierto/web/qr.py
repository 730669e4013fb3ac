"""QR codes as pictures in the page: no request of their own, so what they say is in no log."""

import segno


def qr(text: str) -> str:
    """A QR code of the text as a PNG in a data URL, with the quiet zone that cameras need (ISO/IEC 18004)."""
    return segno.make_qr(text, error="m").png_data_uri(scale=16, border=4)
