"""The real words, word parts and labels that the made-up library is drawn from."""

FUNCTION = {
    "pt": """
        de a o que e do da em um para com não uma os no se na por mais as dos como mas ao das à seu
        sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos
        seus quem nas me esse eles você essa num nem suas meu às minha numa pelos
        """,
    "en": """
        the of and to a in is that for it as was with be by on not he his but at are this have from
        they which or you an we all been has their will there more if no when out so what up about
        into than them can only other some could these two may then do any my now such our over
        """,
}

SALES = {
    "pt": """
        preço cliente proposta contrato desconto objeção concorrente valor prazo orçamento decisor
        retorno investimento implantação integração segurança suporte demonstração reunião
        apresentação caso sucesso setor indústria varejo logística saúde financeiro comprador
        comitê compras jurídico tecnologia plataforma produto serviço mensalidade licença usuário
        economia produtividade redução custo risco garantia treinamento migração dados nuvem
        relatório indicador meta vendedor gerente diretor parceiro fornecedor mercado estratégia
        diferencial comparação planilha cálculo payback renovação expansão cancelamento negociação
        fechamento qualificação descoberta dor necessidade urgência roteiro ligação mensagem
        resposta pergunta dúvida caro barato confiança prova referência depoimento piloto teste
        cronograma entrega qualidade atendimento manutenção atualização conformidade privacidade
        auditoria fiscal imposto nota pagamento parcela juros boleto crédito cobrança faturamento
        estoque frota fábrica hospital escola banco seguro energia agro construção telefonia
        """,
    "en": """
        price customer proposal contract discount objection competitor value deadline budget
        decision return investment rollout integration security support demo meeting presentation
        case success industry retail logistics health finance buyer committee procurement legal
        technology platform product service subscription licence user savings productivity
        reduction cost risk warranty training migration data cloud report metric target seller
        manager director partner supplier market strategy advantage comparison spreadsheet
        calculation payback renewal expansion churn negotiation closing qualification discovery pain
        need urgency script call message answer question doubt expensive cheap trust proof reference
        testimonial pilot trial schedule delivery quality maintenance update compliance privacy
        audit tax invoice payment instalment interest credit billing inventory fleet factory
        hospital school bank insurance energy farming construction telecom
        """,
}

ONSETS = {
    "pt": "b c d f g l m n p r s t v br cr dr fr gr pr tr cl fl pl ch lh nh qu gu j z",
    "en": "b c d f g h k l m n p r s t v w br cr dr fr gr pr tr cl fl pl sl st sp sh ch th wh qu",
}
VOWELS = {
    "pt": "a a a e e e i i o o o u ã é ê á ó í ai ei ou ar er or an en in on al es as",
    "en": "a a e e e i i o o u ea ee oo ou ai ar er or an en in on al el ack ick ost ight",
}
ENDINGS = {
    "pt": """
        o a os as ar er ir ado ada ados ando endo ou ava amos ção ções mente dade dades ista agem
        agens ível íveis al ais eiro eira oso osa inho ês ncia ncias ável áveis tor tora mento
        mentos
        """,
    "en": """
        e s es ed ing er ers ly ness ment ments tion tions able ible al ally ful less ive ity ities
        ist ism ize ized izing ance ence ous y ies th
        """,
}

STAGES = ["discovery", "qualification", "proposal", "negotiation", "closing", "renewal"]
PERSONAS = ["cfo", "cio", "ceo", "buyer", "operations", "legal", "hr", "marketing", "user"]
TYPES = [
    "presentation",
    "case study",
    "one-pager",
    "script",
    "objection answer",
    "proposal template",
    "e-mail template",
    "video",
    "comparison",
    "calculator",
    "white paper",
]
