"""The sample form of the component page."""

from wtforms import BooleanField, FileField, Form, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from contentlib.core.forms import options


class SampleForm(Form):
    """One field of each kind, in the words of a person who publishes a material."""

    title = StringField(
        "Título",
        validators=[InputRequired("Dê um título ao material.")],
        description="Como um vendedor procuraria por ele.",
    )
    language = SelectField("Idioma", choices=options({"pt": "Português", "en": "Inglês"}))
    summary = TextAreaField(
        "Resumo", validators=[Length(min=20, message="Escreva ao menos uma frase.")]
    )
    shareable = BooleanField("Pode ser enviado ao comprador")
    document = FileField("Arquivo", description="Um por vez.")
