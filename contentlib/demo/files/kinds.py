"""What a type is called on the cover of a file that leaves the house."""

from contentlib.demo.sources import Source

KICKERS = {
    "case_study": ("Caso de sucesso", "Customer story"),
    "one_pager": ("Em uma página", "On one page"),
    "article": ("Guia", "Guide"),
    "market_update": ("Radar de mercado", "Market update"),
    "battlecard": ("Battlecard", "Battlecard"),
    "presentation": ("Apresentação", "Presentation"),
    "proposal_template": ("Proposta comercial", "Commercial proposal"),
    "technical_faq": ("Perguntas técnicas", "Technical FAQ"),
}


def kicker(source: Source) -> str:
    """The small line over the title, in capitals."""
    portuguese, english = KICKERS[source.type]
    return (english if source.language == "en" else portuguese).upper()
