"""More words that mean the same to a search: both languages, and how customers say it."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from contentlib.core.clock import now
from contentlib.core.db import UTCDateTime
from contentlib.core.folding import fold

revision = "f2b6d80a4c19"
down_revision = "c71e0a92b6d3"
branch_labels = None
depends_on = None

MOST = 12
# What joins the group of its first word, where marketing still has that group.
JOINING = (
    ("preço", "tarifa", "fee"),
    ("caro", "salgado", "puxado", "fora do orçamento", "overpriced"),
    ("orçamento", "grana", "dinheiro", "funds"),
    ("desconto", "rebate"),
    ("custo", "expense"),
    ("pagamento", "cobrança", "invoice"),
    ("reajuste", "correção anual", "uplift"),
    ("contrato", "agreement"),
    ("fidelidade", "amarrado", "preso no contrato", "minimum term"),
    ("cancelamento", "sair do contrato"),
    ("concorrente", "rival"),
    ("proposta", "quotation"),
    ("objeção", "pushback"),
    ("ligação", "chamada", "call"),
    ("retomar", "acompanhamento", "parou de responder", "sumiu"),
    ("aviso", "alerta"),
    ("prova de conceito", "período de teste", "trial"),
    ("implantação", "deployment"),
    ("suporte", "customer service"),
    ("segurança", "segurança da informação"),
    ("LGPD", "dados pessoais", "privacy", "personal data"),
    ("disponibilidade", "indisponibilidade", "outage"),
    ("login único", "SAML"),
    ("permissão", "access rights"),
    ("agronegócio", "zona rural", "roça"),
    ("e-commerce", "comércio eletrônico"),
)
# Each is put in place this once, as were those that an installation begins with.
GROUPS = (
    ("barato", "mais em conta", "menor preço", "preço baixo", "cheap", "lower price"),
    ("pagamento antecipado", "à vista", "adiantado", "upfront", "prepayment"),
    ("parcela", "prestação", "installment"),
    ("imposto", "tributo", "tax"),
    ("inflação", "IPCA", "inflation"),
    ("investimento", "capex"),
    ("benefício", "vantagem", "benefit", "advantage"),
    ("prejuízo", "perda", "loss"),
    ("lucro", "rentabilidade", "profit"),
    ("receita", "revenue"),
    ("capital de giro", "fluxo de caixa", "working capital", "cash flow"),
    ("grátis", "gratuito", "de graça", "free of charge"),
    ("cláusula", "clause"),
    ("aditivo", "termo aditivo", "amendment", "addendum"),
    ("assinatura", "signature"),
    ("garantia", "guarantee", "warranty"),
    ("responsabilidade", "indenização", "liability"),
    ("confidencialidade", "sigilo", "NDA", "confidentiality"),
    ("SLA", "nível de serviço", "service level"),
    ("jurídico", "advogado", "legal", "lawyer"),
    ("lei", "legislação", "norma", "base legal", "law", "regulation"),
    ("conformidade", "compliance"),
    ("comparação", "comparison", "versus"),
    ("homologação", "cadastro de fornecedor", "supplier registration"),
    ("licitação", "edital", "pregão", "RFP", "tender", "request for proposal"),
    ("setor público", "órgão público", "prefeitura", "governo", "public sector"),
    ("contrapartida", "concessão", "concession"),
    ("dúvida", "pergunta", "question"),
    ("ligação fria", "primeira ligação", "cold call"),
    ("prospecção", "prospecting", "outreach", "outbound"),
    ("recepção", "secretária", "gatekeeper", "receptionist"),
    ("e-mail", "email"),
    ("pitch", "discurso de venda", "elevator pitch"),
    ("prova", "evidência", "proof", "evidence"),
    ("diretoria", "conselho", "sócios", "board"),
    ("comitê", "committee"),
    ("chefe", "gestor", "gerente", "manager", "boss"),
    ("CEO", "presidente", "dono", "owner"),
    ("financeiro", "finanças"),
    ("compras", "comprador", "suprimentos", "procurement", "purchasing", "buyer"),
    ("TI", "informática", "departamento de tecnologia"),
    ("desenvolvedor", "developer"),
    ("recursos humanos", "RH", "human resources"),
    ("patrocinador", "defensor", "sponsor", "advocate"),
    ("decisor", "tomador de decisão", "decision maker"),
    ("aprovação", "aval", "autorização", "approval"),
    ("vendedor", "representante comercial", "seller", "sales rep", "salesperson"),
    ("funcionário", "colaborador", "empregado", "employee"),
    ("parceiro", "revenda", "partner", "reseller"),
    ("adiar", "deixar para depois", "postpone"),
    ("sem tempo", "falta de tempo", "busy"),
    ("prioridade", "urgência", "priority"),
    ("confiança", "credibilidade", "trust", "credibility"),
    ("risco", "medo", "receio", "risk"),
    ("fusão", "aquisição", "merger", "acquisition"),
    ("negócio perdido", "reconquista", "lost deal", "win-back"),
    ("sucesso do cliente", "customer success"),
    ("satisfação", "NPS", "satisfaction"),
    ("reclamação", "queixa", "complaint"),
    ("kick-off", "kickoff", "reunião de abertura", "reunião de partida", "início do projeto"),
    ("migração", "migration", "troca de sistema", "sair do sistema antigo"),
    ("aplicativo", "app"),
    ("celular", "smartphone", "mobile phone"),
    ("ERP", "sistema de gestão"),
    ("nuvem", "cloud", "SaaS"),
    ("servidor próprio", "on-premise", "self-hosted"),
    ("banco de dados", "base de dados", "database"),
    ("vazamento", "invasão", "hacker", "breach", "data leak"),
    ("criptografia", "encryption"),
    ("certificação", "ISO 27001", "SOC 2"),
    ("consentimento", "opt-in"),
    ("vigilância", "vigiar", "surveillance"),
    ("histórico", "registro", "history"),
    ("papel", "paper"),
    ("relatório", "report"),
    ("painel", "dashboard"),
    ("métrica", "KPI"),
    ("resultado", "desempenho", "performance", "outcome"),
    ("inteligência artificial", "machine learning", "artificial intelligence"),
    ("personalização", "sob medida", "tailored"),
    (
        "sistema próprio",
        "desenvolver internamente",
        "fazer em casa",
        "build in-house",
        "build it ourselves",
    ),
    ("funcionalidade", "feature"),
    ("roadmap", "próximas versões"),
    ("falha", "erro", "defeito", "failure", "bug"),
    ("fácil", "simples", "easy"),
    ("difícil", "complicado", "complexo", "hard"),
    ("produtividade", "eficiência", "productivity", "efficiency"),
    ("crescimento", "growth"),
    ("guia", "manual", "passo a passo", "guide", "playbook"),
    ("checklist", "lista de verificação"),
    ("glossário", "jargão", "terminologia"),
    ("modelo", "template"),
    ("pesquisa", "levantamento", "survey"),
    ("questionário", "questionnaire"),
    ("resumo", "summary", "overview"),
    ("catálogo", "brochure"),
    ("convite", "convidar", "invitation"),
    ("novidade", "news"),
    ("tendência", "trend"),
    ("reunião trimestral", "QBR", "quarterly review"),
    ("trimestre", "quarter"),
    ("setor", "segmento", "ramo"),
    ("medicamento", "remédio", "medicine"),
    ("saúde", "healthcare"),
    ("moda", "roupa", "vestuário", "fashion", "clothing"),
    ("seguro", "apólice", "insurance"),
    ("educação", "escola", "school"),
    ("pequena empresa", "PME", "small business"),
    ("grande empresa", "enterprise", "large account"),
    ("filial", "unidade", "branch"),
    ("pico", "alta temporada", "peak season", "high season"),
    ("sindicato", "trade union"),
    ("sobrecarregado", "sem braço", "equipe pequena", "swamped", "short-staffed"),
)

SYNONYM = sa.table(
    "search_synonym",
    sa.column("id", sa.BigInteger),
    sa.column("words", sa.JSON),
    sa.column("created_at", UTCDateTime),
    sa.column("updated_at", UTCDateTime),
)


def grown(groups: Iterable[Iterable[str]]) -> tuple[list[list[str]], list[list[str]]]:
    """Return the groups with what joins them, in their order, and those that are new.

    A word that stands in a group already stays in that one alone.
    """
    old = [list(words) for words in groups]
    taken = {fold(word) for words in old for word in words}
    for first, *others in JOINING:
        group = next((words for words in old if fold(first) in map(fold, words)), [])
        free = [word for word in others if group and fold(word) not in taken]
        group += free[: max(MOST - len(group), 0)]
        taken |= set(map(fold, free))
    new = [[word for word in words if fold(word) not in taken] for words in GROUPS]
    return old, [words for words in new if len(words) > 1]


def upgrade() -> None:
    connection = op.get_bind()
    known = connection.execute(sa.select(SYNONYM.c.id, SYNONYM.c.words)).all()
    old, new = grown(words for _, words in known)
    moment = now()
    for (number, before), words in zip(known, old, strict=True):
        if words != before:
            change = sa.update(SYNONYM).where(SYNONYM.c.id == number)
            connection.execute(change.values(words=words, updated_at=moment))
    op.bulk_insert(
        SYNONYM, [{"words": words, "created_at": moment, "updated_at": moment} for words in new]
    )


def downgrade() -> None:
    """Leave the words: nobody can tell any more which of them marketing has come to rely on."""
