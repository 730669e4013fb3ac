"""The form that takes a file."""

from kierto.web.forms import FileField, Form, FormField, Required, ValidationError
from kierto.words import gettext, lazy_gettext

MOST_MEGABYTES = 5


class ImportForm(Form):
    """After it has been validated, `content` is the file's."""

    file = FileField(
        lazy_gettext("File"),
        [Required(lazy_gettext("Choose the file first."))],
        description=lazy_gettext("An Excel workbook (.xlsx) or a CSV file, at most 5 megabytes and 5,000 rows."),
        render_kw={"accept": ".xlsx,.csv,.txt,text/csv,text/plain"},
    )
    content: bytes = b""

    def validate_file(self, field: FormField) -> None:
        """Neither empty nor too large; what is in it the job says, row by row."""
        self.content = field.data.read(MOST_MEGABYTES * 1024 * 1024 + 1)
        if len(self.content) > MOST_MEGABYTES * 1024 * 1024:
            raise ValidationError(gettext("The file is too large. Choose a file of at most 5 megabytes."))
        if not self.content.strip(b"\xef\xbb\xbf\xff\xfe\x00\r\n\t ;,"):
            raise ValidationError(gettext("The file is empty. Choose a file with a header and rows."))
