"""Words too common to tell one document from another, folded, for both languages at once."""

_PORTUGUESE = """
    a ao aos aquela aquelas aquele aqueles aquilo as ate com como da das de dela delas dele deles
    depois do dos e ela elas ele eles em entre era eram essa essas esse esses esta estao estas
    estava estavam este esteja estes esteve estive estiver estou eu foi foram fosse fossem fui ha
    haja hao isso isto ja lhe lhes mais mas me mesmo meu meus minha minhas muito na nao nas nem no
    nos nossa nossas nosso nossos num numa o os ou para pela pelas pelo pelos por porque qual quais
    quando que quem sao se seja sejam sem sera serao seria seriam seu seus so sobre sua suas tambem
    te tem temos tenha tenham tenho ter teu teus teve tinha tinham tive tu tua tuas um uma umas uns
    voce voces
    ai gente la pra pras pro pros ta vai vamos vou
    """

_ENGLISH = """
    a about after again all am an and any are as at be because been before being below between both
    but by can could did do does doing down during each few for from further had has have having he
    her here hers herself him himself his how i if in into is it its itself just me more most my
    myself no nor not of off on once only or other our ours ourselves out over own s same she should
    so some such t than that the their theirs them themselves then there these they this those
    through to too under until up very was we were what when where which while who whom why will
    with would you your yours yourself yourselves
    """

STOP_WORDS = frozenset(f"{_PORTUGUESE} {_ENGLISH}".split())
