"""Words of the taxonomy have other names, by which searches and imports know them as well."""

import sqlalchemy as sa
from alembic import op

revision = "7c41d0e9ab36"
down_revision = "4d7e19c2b5f0"
branch_labels = None
depends_on = None

TABLES = ("stage", "persona", "asset_type", "tag")
# What an installation made before this begins with, by table and key.
ALIASES = {
    "stage": {
        "lead": "Atração / Lead",
        "discovery": "Descoberta (SQL), SQL",
        "diagnosis": "Diagnóstico / Demonstração, Demonstração, demo",
        "expansion": "Pós-venda / Expansão, Pós-venda, upsell, cross-sell",
    },
    "persona": {
        "economic_buyer": "CFO, CEO, diretor financeiro, diretoria, finance director",
        "user": "usuário final, end user, operador",
        "technical": "TI, IT, CTO, CIO",
        "procurement": "Compras, comprador, purchasing, Jurídico, legal team",
        "champion": "patrocinador interno, sponsor",
    },
    "asset_type": {
        "case_study": "case, cases, caso, estudo de caso, success story",
        "presentation": "deck, slides",
        "script": "Script (ligação, e-mail, WhatsApp), roteiro",
        "battlecard": "concorrente, competitor",
        "calculator": "Calculadora, calculator, planilha de ROI, ROI calculator",
        "one_pager": "folheto, leaflet",
        "article": "Artigo, article, E-book, ebook, guia",
        "proposal_template": "minuta de proposta",
        "technical_faq": "FAQ, FAQ técnico, perguntas frequentes",
        "market_update": "notícia de mercado, market news",
    },
}


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("aliases", sa.Text(), nullable=False, server_default=""))
    for table, words in ALIASES.items():
        rows = sa.table(table, sa.column("key"), sa.column("aliases"))
        for key, aliases in words.items():
            op.execute(rows.update().where(rows.c.key == key).values(aliases=aliases))


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("aliases")
