"""Synonyms, begun with those that most sellers' searches need, and materials pinned to words."""

import sqlalchemy as sa
from alembic import op

from contentlib.core.clock import now
from contentlib.core.db import UTCDateTime

revision = "a90b3f5d7e18"
down_revision = "7c41d0e9ab36"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Each group is put in place this once; what marketing changes or removes stays so.
GROUPS = (
    ("preço", "valor", "mensalidade", "price", "pricing"),
    ("caro", "preço alto", "acima do orçamento", "custa demais", "expensive", "high price"),
    ("orçamento", "verba", "budget"),
    ("desconto", "abatimento", "discount"),
    ("custo", "gasto", "despesa", "cost"),
    ("economia", "redução de custos", "savings", "cost reduction"),
    ("pagamento", "faturamento", "boleto", "payment", "billing"),
    ("reajuste", "aumento de preço", "price increase"),
    ("ROI", "retorno", "payback", "retorno sobre investimento", "return on investment"),
    ("contrato", "minuta", "contract"),
    ("fidelidade", "permanência mínima", "lock-in"),
    ("cancelamento", "rescisão", "churn", "saída do contrato", "termination"),
    ("renovação", "renewal"),
    ("multa", "penalidade", "penalty"),
    ("concorrente", "competidor", "competitor", "competition"),
    ("fornecedor", "supplier", "vendor"),
    ("cliente", "customer"),
    ("proposta", "cotação", "proposal", "quote"),
    ("negociação", "negotiation"),
    ("objeção", "objection"),
    ("reunião", "meeting"),
    ("não apareceu", "faltou", "no-show"),
    ("retomar", "follow-up"),
    ("ligação", "telefonema", "phone call"),
    ("WhatsApp", "zap", "wpp"),
    ("aviso", "notificação", "mensagem", "notification", "message"),
    ("indicação", "referral"),
    ("referência", "reference"),
    ("depoimento", "testemunho", "testimonial", "customer quote"),
    ("prova de conceito", "POC", "piloto", "pilot", "proof of concept"),
    ("implantação", "implementação", "onboarding", "rollout", "implementation", "go-live"),
    ("treinamento", "capacitação", "training"),
    ("adoção", "engajamento", "adoption"),
    ("suporte", "atendimento", "support", "help desk"),
    ("sistema", "software", "programa", "ferramenta", "plataforma"),
    ("integração", "conector", "API", "integration"),
    ("segurança", "cibersegurança", "security"),
    ("LGPD", "proteção de dados", "privacidade", "GDPR", "data protection"),
    ("disponibilidade", "fora do ar", "uptime", "downtime"),
    ("backup", "cópia de segurança", "recuperação de desastres", "disaster recovery"),
    ("login único", "SSO", "single sign-on"),
    ("auditoria", "audit"),
    ("permissão", "perfil de acesso", "permission"),
    ("planilha", "Excel", "spreadsheet"),
    ("equipe", "time", "team"),
    ("prazo", "cronograma", "deadline", "timeline"),
    ("varejo", "loja", "retail"),
    ("atacado", "distribuidor", "wholesale"),
    ("indústria", "fábrica", "manufacturing"),
    ("agronegócio", "agro", "fazenda", "agribusiness"),
    ("e-commerce", "loja virtual", "online store"),
    ("construção", "obra", "building materials"),
    ("farmácia", "drogaria", "pharmacy"),
    ("alimentos", "supermercado", "grocery"),
    ("sustentabilidade", "ESG", "emissões", "CO2", "carbono", "emissions"),
    ("CFO", "diretor financeiro", "finance director"),
)


def upgrade() -> None:
    synonyms = op.create_table(
        "search_synonym",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("created_by_id", NUMBER, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_search_synonym_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_synonym")),
    )
    op.create_table(
        "search_pin",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("words", sa.String(length=256), nullable=False),
        sa.Column("normalised", sa.String(length=256), nullable=False),
        sa.Column("asset_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_by_id", NUMBER, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["asset.id"], name=op.f("fk_search_pin_asset_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_search_pin_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_pin")),
        sa.UniqueConstraint("normalised", "asset_id", name="uq_search_pin_words"),
    )
    op.create_index(op.f("ix_search_pin_asset_id"), "search_pin", ["asset_id"])
    moment = now()
    op.bulk_insert(
        synonyms,
        [{"words": [*words], "created_at": moment, "updated_at": moment} for words in GROUPS],
    )


def downgrade() -> None:
    op.drop_table("search_pin")
    op.drop_table("search_synonym")
