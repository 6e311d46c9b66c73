"""How alike two requests are, by the words they share whatever their endings, accents, language.

The keys of `search.language` stand for words, without those too common to tell anything; words of
the trade that mean one thing (`caso`, `case`, `estudo`) stand for each other. A word that only says
which kind of material is wanted tells less than one that says what about, so it weighs half.
Likeness is the weight of what both say over the weight of what the shorter one says: 1 when one
says all of the other. Two texts that share only their kind are not alike.

Source of the weights and the limit: the set of `tests/requests/duplicates.py`, of which it finds
at least four in five without offering a twentieth of the pairs that mean different things.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypeVar

from contentlib.search import language

ALIKE = 0.5
"""From so much on, two texts may well mean the same."""

OF_A_KIND, OF_A_SUBJECT = 0.5, 1.0

# What is asked for: the forms that material takes.
KINDS = (
    "caso case estudo study sucesso success história story",
    "vídeo video filme film gravação recording demo demonstração",
    "apresentação presentation deck slides slide ppt powerpoint lâmina",
    "planilha spreadsheet sheet calculadora calculator simulador excel tabela table",
    "folheto folder flyer pdf pager página page resumo summary",
    "script roteiro mensagem message texto text modelo template",
    "artigo article ebook guia guide material conteúdo content",
    "cliente customer referência reference depoimento testimonial",
    "comparativo comparação comparison compare versus vs battlecard",
)
# What it is about: words that sellers use for one thing.
SUBJECTS = (
    "preço price pricing valor custo cost caro expensive",
    "retorno roi return payback",
    "concorrente concorrência competitor competition rival",
    "segurança security lgpd gdpr privacidade privacy",
    "integração integration integrar api conector connector",
    "contrato contract minuta jurídico legal",
    "prazo deadline implantação implementação implementation onboarding",
    "logística logistics transporte transport",
    "frete freight carga",
    "varejo retail loja store",
    "indústria industry fábrica factory manufatura manufacturing industrial",
    "saúde health hospital clínica healthcare",
    "banco bank financeiro finance fintech",
    "agro agronegócio agribusiness rural",
    "educação education escola school",
    "ti it tecnologia",
    "treinamento training capacitação",
    "suporte support atendimento sla",
    "proposta proposal",
    "inglês english",
    "espanhol spanish",
)

Keys = frozenset[str]
T = TypeVar("T")


def keys_of(text: str) -> Keys:
    """Return the words of a text by one key each, without the common ones.

    Portuguese takes its plurals off first, English what is left of its own, since nobody knows the
    language of a title.
    """
    words = language.words(text)
    return frozenset(language.one_key(word) for word in words if not language.is_stop_word(word))


def likeness(one: Keys, other: Keys) -> float:
    """Return how alike two texts are, from 0 to 1; a text that says nothing is like none."""
    mine, theirs = _told(one), _told(other)
    shared = [weight for word, weight in mine.items() if word in theirs]
    shorter = min(sum(mine.values()), sum(theirs.values()))
    if not shorter or not (OF_A_SUBJECT in shared or shorter <= OF_A_KIND):
        return 0.0
    return min(sum(shared) / shorter, 1.0)


def most_alike(text: str, others: Iterable[tuple[T, str]], limit: int) -> Sequence[T]:
    """Return those of some things whose texts are alike, the most alike first."""
    keys = keys_of(text)
    rated = [(likeness(keys, keys_of(theirs)), thing) for thing, theirs in others]
    alike = sorted((pair for pair in rated if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [thing for _rate, thing in alike[:limit]]


def _told(keys: Keys) -> dict[str, float]:
    """Return what a text says, each meaning once, with its weight."""
    known = _meanings()
    return dict(known.get(key, (key, OF_A_SUBJECT)) for key in keys)


@cache
def _meanings() -> dict[str, tuple[str, float]]:
    """Return for each key that has a meaning its name and its weight."""
    known: dict[str, tuple[str, float]] = {}
    for weight, groups in ((OF_A_KIND, KINDS), (OF_A_SUBJECT, SUBJECTS)):
        for group in groups:
            name = f"={group.split()[0]}"
            for word in language.words(group):
                known.setdefault(language.one_key(word), (name, weight))
    return known
