"""More assets for a larger firm: titles of their own, the words and files of the sixty."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from random import Random

from contentlib.core.folding import slug
from contentlib.demo.firm import firm
from contentlib.demo.sources import Source, all_sources

TITLES = {
    "case_study": ("{company}: {result}", "{company}: {result}"),
    "presentation": ("{topic} para {sector}", "{topic} for {sector}"),
    "script": ("Script: {moment} em {sector}", "Script: {moment} in {sector}"),
    "objection": ("“{said}” ({sector})", "“{said}” ({sector})"),
    "battlecard": ("Battlecard: {rival} em {sector}", "Battlecard: {rival} in {sector}"),
    "calculator": ("Calculadora: {topic}, {sector}", "Calculator: {topic}, {sector}"),
    "one_pager": ("{topic} em uma página, {sector}", "{topic} on one page, {sector}"),
    "video": ("Vídeo: {company} conta {topic}", "Video: {company} on {topic}"),
    "article": ("{topic}: o que mudou em {sector}", "{topic}: what changed in {sector}"),
    "webinar": ("Webinar: {topic} em {sector}", "Webinar: {topic} in {sector}"),
    "proposal_template": ("Modelo de proposta: {sector}", "Proposal template: {sector}"),
    "technical_faq": ("FAQ técnico: {topic}, {sector}", "Technical FAQ: {topic}, {sector}"),
    "market_update": ("Radar {region}: {topic}", "Market brief {region}: {topic}"),
}
WORDS = {
    "pt": {
        "result": (
            "retorno em {n} meses",
            "{n} % menos reentregas",
            "prazo de {n} semanas cumprido",
            "canhotos em {n} minutos",
            "{n} horas extras a menos por semana",
        ),
        "topic": (
            "custo do atraso",
            "janela de entrega",
            "canhoto digital",
            "reentrega",
            "espera no pátio",
            "aviso ao cliente",
            "integração com o ERP",
            "adoção pelos motoristas",
            "frete e diesel",
            "entrega noturna",
        ),
        "moment": (
            "primeira ligação",
            "retomada",
            "depois da demonstração",
            "envio da proposta",
            "reunião de decisão",
            "renovação",
        ),
        "said": (
            "Está caro",
            "Já temos fornecedor",
            "Agora não é prioridade",
            "O motorista não usa",
            "Não integra",
            "Preciso consultar a matriz",
        ),
    },
    "en": {
        "result": ("paid back in {n} months", "{n}% fewer second trips", "on time in {n} weeks"),
        "topic": ("cost of delay", "receiving hours", "proof of delivery", "driver adoption"),
        "moment": ("first call", "follow-up", "sending the proposal", "renewal"),
        "said": ("Too expensive", "We have a supplier", "Not this year", "Drivers will not use it"),
    },
}


def more_sources(rng: Random, scale: int) -> Iterator[tuple[str, Source]]:
    """Yield `scale` - 1 variants of each asset with an own external id and an own title."""
    taken = {source.title for source in all_sources()}
    for turn in range(2, scale + 1):
        for source in all_sources():
            title = _title(rng, source, taken)
            taken.add(title)
            yield f"{source.external_id}-{turn}", _variant(rng, source, title)


def _title(rng: Random, source: Source, taken: set[str]) -> str:
    pattern = TITLES[source.type][source.language == "en"]
    for attempt in count():
        title = _filled(rng, pattern, source.language)
        title = title[0].upper() + title[1:]
        if attempt > 20:
            title = f"{title}, {rng.choice(firm()['customers']['cities'])} {attempt}"
        if title not in taken:
            return title
    raise AssertionError("count() never ends")


def _filled(rng: Random, pattern: str, language: str) -> str:
    customers = firm()["customers"]
    words = {key: rng.choice(values) for key, values in WORDS[language].items()}
    trade, sector = rng.choice(customers["trades"])
    where = rng.choice(customers["cities"])
    return pattern.format(
        company=f"{rng.choice(customers['roots'])} {trade}",
        result=words["result"].format(n=rng.randint(3, 29)),
        topic=words["topic"],
        moment=words["moment"],
        said=words["said"],
        sector=f"{sector.lower()}, {where}",
        rival=rng.choice(firm()["deals"]["competitors"]),
        region=where,
    )


def _variant(rng: Random, source: Source, title: str) -> Source:
    age = rng.randint(20, 700)
    return replace(
        source,
        title=title,
        age_days=age,
        review_in_days=rng.randint(-60, 180),
        valid_in_days=rng.randint(-90, 300) if rng.random() < 0.1 else None,
        status=rng.choices(("published", "draft", "archived"), (90, 4, 6))[0],
        popularity=round(rng.lognormvariate(-0.5, 1), 2) if rng.random() > 0.25 else 0.0,
        versions=rng.choices((1, 2, 3), (7, 2, 1))[0],
        tags=(*source.tags[:2], slug(title.split(maxsplit=1)[0])),
        summary=f"{title}. {source.summary}",
    )
